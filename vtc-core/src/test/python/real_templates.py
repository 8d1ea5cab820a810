#!/usr/bin/env python3
"""Renders real chat templates with Jinja2 for many conversations, for RealTemplatesTest.

    python3 src/test/python/real_templates.py OUT.json FOLDER_OR_FILE...
    mvn test -Dtest=RealTemplatesTest -Dvtc.templates=OUT.json

Folders are searched for *.jinja; of a *.gguf file the template in its metadata is taken, if it has one. Some seventy lie
in models/templates of llama.cpp's tree, Gemma's among them. The templates belong to their authors and are not part of
this repository.
"""
import json
import pathlib
import sys

from jinja_reference import render

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Current weather — with \"quotes\", <tags> & 'apostrophes'",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "The city"},
                "days": {"type": "integer", "default": 3, "minimum": 1},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
                "where": {"type": "array", "items": {"type": "number"}, "nullable": True},
                "more": {"type": "object", "properties": {"x": {"type": ["string", "null"]}}, "required": ["x"]},
            },
            "required": ["city"],
        },
        "return": {"type": "string", "description": "The weather"},
    },
}
TIME = {
    "type": "function",
    "function": {"name": "now", "description": "The time", "parameters": {"type": "object", "properties": {}}},
}
NASTY = "  {{ 7 * 7 }} {% raw %} {# x #} <|im_end|>\n<s>[INST] é 漢字 🎉 \\n </think> \t\n"


def call(arguments, number=1, name="get_weather"):
    return {"id": f"call{number:05d}", "type": "function", "function": {"name": name, "arguments": arguments}}


def conversations():
    user = {"role": "user", "content": "Why is the sky blue?"}
    system = {"role": "system", "content": "You are terse."}
    answer = {"role": "assistant", "content": "Rayleigh scattering."}
    again = {"role": "user", "content": "And at dusk?"}
    args = {"city": "Paris", "days": 2, "where": [1.5, -2], "unit": None}
    calling = {"role": "assistant", "content": "", "tool_calls": [call(args)]}
    calling_none = {"role": "assistant", "content": None, "tool_calls": [call(args), call({}, 2, "now")]}
    calling_text = {"role": "assistant", "content": "Let me see.", "tool_calls": [call(json.dumps(args))]}
    result = {"role": "tool", "name": "get_weather", "tool_call_id": "call00001", "content": '{"sun": true}'}
    result2 = {"role": "tool", "name": "now", "tool_call_id": "call00002", "content": "12:00"}
    thinking = {"role": "assistant", "content": "<think>\nLight is waves.\n</think>\n\nScattering."}
    reasoning = {"role": "assistant", "reasoning_content": "Light is waves.", "content": "Scattering."}
    parts = {"role": "user", "content": [{"type": "text", "text": "Look: "}, {"type": "text", "text": "here"}]}
    image = {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "What is this?"}]}
    tools = [WEATHER, TIME]
    yield "user", [user], None, {}
    yield "system", [system, user], None, {}
    yield "turns", [system, user, answer, again], None, {}
    yield "turns without system", [user, answer, again], None, {}
    yield "nasty", [{"role": "system", "content": NASTY}, {"role": "user", "content": NASTY}], None, {}
    yield "ends with assistant", [user, answer], None, {}
    yield "tools", [system, user], tools, {}
    yield "tools without system", [user], tools, {}
    yield "tool call", [user, calling, result], tools, {}
    yield "tool call as text", [system, user, calling_text, result], tools, {}
    yield "two calls", [user, calling_none, result, result2, answer, again], tools, {}
    yield "calls without tools", [user, calling, result, answer], None, {}
    yield "thinking", [user, thinking, again], None, {}
    yield "reasoning", [system, user, reasoning, again], None, {"enable_thinking": True}
    yield "no thinking", [system, user, thinking, again], None, {"enable_thinking": False}
    yield "thinking and tools", [user, {**calling, "reasoning_content": "I need it."}, result], tools, {
        "enable_thinking": True, "thinking": True, "reasoning_effort": "high"}
    yield "parts", [system, parts, answer, again], None, {}
    yield "image", [image], None, {}
    yield "system parts", [{"role": "system", "content": [{"type": "text", "text": "Be nice."}]}, user], None, {}
    yield "developer", [{"role": "developer", "content": "Be nice."}, user], tools, {}
    yield "documents", [user], None, {"documents": [{"title": "Sky", "text": "It is blue."}]}
    yield "date", [system, user], None, {"date_string": "07 Mar 2026", "reasoning_effort": "low"}
    yield "two users", [user, again], None, {}
    yield "nothing", [], None, {}
    yield "no content", [{"role": "user"}], None, {}
    yield "unknown role", [{"role": "wizard", "content": "Abracadabra"}], None, {}


def templates(paths):
    for path in map(pathlib.Path, paths):
        if path.suffix == ".gguf":
            from gguf import GGUFReader

            field = GGUFReader(path).get_field("tokenizer.chat_template")
            if field is None:
                print(f"{path} has no chat template")
                continue
            yield path.stem, field.contents()
        else:
            for file in sorted(path.rglob("*.jinja")) if path.is_dir() else [path]:
                yield file.stem, file.read_text(encoding="utf-8")


def main():
    sources = dict(templates(sys.argv[2:]))
    cases = []
    for name, source in sources.items():
        for title, messages, tools, variables in conversations():
            for prompt in (True, False):
                tokens = {"bos_token": "<s>", "eos_token": "</s>"}
                all_variables = {
                    "messages": messages, "tools": tools, "documents": None, "add_generation_prompt": prompt,
                    **tokens, **variables}
                cases.append({
                    "template": name, "title": title, "messages": messages, "tools": tools, "prompt": prompt,
                    "variables": {**tokens, **variables}, "expect": render(source, all_variables)})
    with open(sys.argv[1], "w", encoding="utf-8") as f:
        json.dump({"templates": sources, "cases": cases}, f, ensure_ascii=False)
    errors = sum("error" in c["expect"] for c in cases)
    print(f"{len(sources)} templates, {len(cases)} renderings, of which Jinja2 refuses {errors}")


main()
