#!/usr/bin/env python3
"""Writes src/test/resources/dev/vtc/text/template/templates.json: small templates and what Jinja2 makes of them.

Run from the module's folder: python3 src/test/python/template_goldens.py
"""
import json

from jinja_reference import render

VARIABLES = {
    "n": 7, "neg": -7, "f": 2.5, "t": True, "no": False, "none_value": None,
    "s": "Hello World", "blank": "  \t x y \n ", "multi": "one\ntwo\r\nthree\n\nfive", "uni": "é漢🎉ß", "quoted": "it's \"x\"",
    "list": [3, 1, 2], "words": ["b", "A", "c", "a"], "empty": [], "nested": [[1, 2], [3, [4]]],
    "d": {"b": 1, "a": {"x": [1, 2]}, "items": "shadow", "C": None}, "dd": {"k": "v"},
    "people": [{"name": "Ann", "age": 30, "tags": ["x"]}, {"name": "bob", "age": 25}, {"name": "Cid", "age": 30}],
    "evil": "{{ 1 + 1 }}{% if %}",
    "tree": [{"v": 1, "kids": [{"v": 2, "kids": []}, {"v": 3, "kids": [{"v": 4, "kids": []}]}]}],
}

EXPRESSIONS = """
1 + 2 * 3 - 4 | abs
7 // 2 ~ ' ' ~ -7 // 2 ~ ' ' ~ 7 // -2 ~ ' ' ~ 7.5 // 2
7 % 3 ~ ' ' ~ -7 % 3 ~ ' ' ~ 7 % -3 ~ ' ' ~ -7.5 % 2
7 / 2 ~ ' ' ~ 6 / 3
2 ** 10 ~ ' ' ~ 2 ** -1 ~ ' ' ~ 2 ** 3 ** 2 ~ ' ' ~ -2 ** 2
2.0 ** 0.5
0.1 + 0.2
1e16 ~ ' ' ~ 1e15 ~ ' ' ~ 123456789.0 * 10 ~ ' ' ~ 1e-5 ~ ' ' ~ 0.0001 ~ ' ' ~ 1.5e300 * 1e10
1_000 + 0x1F + 0b101 + 0o17
-0.0
3.0 == 3
1 / 0
1 % 0
1 // 0
n + f
n + 's'
's' + n
n ~ 's' ~ none_value ~ t ~ f
'ab' * 3 ~ 2 * 'x' ~ [1, 2] * 2
'ab' * -1
[1] + [2, 3]
(1, 2) + (3,)
[1] + (2,)
t + t
-t
+n
- 'x'
n - -n
not n
not none_value and t
n and s
no or 'x'
empty or none_value
n > 3 and n < 10
3 < n <= 7
3 < n < 5
'a' < 'b'
'a' < 1
[1, 2] < [1, 3]
(1, 2) == [1, 2]
[1, 2] == [1, 2]
1 == 1.0
1 == true
'1' == 1
none == none_value
missing == missing2
missing == none
{'a': 1} == {'a': 1.0}
d == d
n in list
3 in list
3 not in list
'ell' in s
'' in s
'a' in d
1 in d
'x' in missing
n in s
'x' in n
'yes' if n else 'no'
'yes' if no else 'no'
'yes' if no
('yes' if no) is defined
'a' if no else 'b' if no else 'c'
[1, 'a', none, true, 2.0, [1], (1,), {'k': 'v'}, ()]
(1, 2)
()
(1,)
{'a': 1, 'b': [1, 2]}
{}
{1: 'x', none: 2}[1]
"it's"
'say "x"'
['it\\'s', "a\\"b", 'x\\ny', 'é🎉', '\\x00\\x7f\\u200b']
'\\x41\\u00e9\\U0001F389\\101\\n|\\q|\\\\'
'a' 'b' "c"
s.upper() ~ s.lower() ~ s.title() ~ s.swapcase() ~ s.capitalize()
'they\\'re bill\\'s'.title() ~ ' ' ~ 'ÀÉ ß'.lower() ~ 'ß'.upper() ~ 'ǆ'.title()
blank.strip() ~ '|' ~ blank.lstrip() ~ '|' ~ blank.rstrip() ~ '|'
'xxabcxx'.strip('x') ~ 'abcba'.lstrip('ab') ~ 'abcba'.rstrip('ab') ~ 'abc'.strip('')
s.split()
'a,b,,c'.split(',')
'a,b,,c'.split(',', 1)
'a,b,,c'.rsplit(',', 1)
'a,b,,c'.rsplit(',')
' a  b   c '.split()
' a  b   c '.split(none, 1)
' a  b   c '.rsplit(none, 1)
''.split()
''.split(',')
'aXXb'.split('XX')[-1]
'a'.split('')
multi.splitlines()
multi.splitlines(true)
'a=b=c'.partition('=') ~ 'a=b=c'.rpartition('=') ~ 'abc'.partition('=') ~ 'abc'.rpartition('=')
s.startswith('Hell') ~ s.startswith(('x', 'H')) ~ s.startswith('W', 6) ~ s.endswith('d') ~ s.endswith(('a', 'b'))
s.find('o') ~ s.find('o', 5) ~ s.rfind('o') ~ s.find('z') ~ s.index('W') ~ s.count('l') ~ s.find('o', 0, 3)
s.index('z')
s.replace('l', 'L') ~ s.replace('l', 'L', 1) ~ 'abc'.replace('', '-') ~ 'aaa'.replace('aa', 'b')
'-'.join(words) ~ ''.join([])
'-'.join([1, 2])
','.join('abc')
'abc'.removeprefix('a').removesuffix('c') ~ 'abc'.removeprefix('x')
'{} {}'.format(1, 'a') ~ '{1}{0}'.format('a', 'b') ~ '{x} {{}}'.format(x=3)
'{:>5}|{:<5}|{:^5}|{:05d}|{:.2f}|{:,}'.format('a', 'b', 'c', 42, 3.14159, 1234567)
'{0[k]} {0.k}'.format(dd)
'{'.format(1)
'{}'.format()
'{0 }'.format(1)
'{5}'.format(1)
'%s-%d-%.2f-%r' % ('a', 3, 2.5, 'q')
'%s' % 'x'
'%5s|%-5s|%05d|%%' % ('a', 'b', 42)
'%(k)s!' % dd
'%d' % 'x'
'%s %s' % ('a',)
'%s' % ('a', 'b')
'%x' % 255
'42'.zfill(5) ~ '-42'.zfill(5) ~ 'a'.center(4, '*') ~ 'ab'.center(5, '*') ~ 'a'.ljust(3, '.') ~ 'a'.rjust(3)
'abc'.isalpha() ~ '12'.isdigit() ~ 'a1'.isalnum() ~ ' '.isspace() ~ 'AB'.isupper() ~ 'ab'.islower() ~ ''.isdigit() ~ 'Ab'.isupper()
s[0] ~ s[-1] ~ s[100] ~ s[1:4] ~ s[:-1] ~ s[::-1] ~ s[::2] ~ s[-3:] ~ s[5:2] ~ s[10:0:-3]
uni[1] ~ uni[2] ~ uni[-1] ~ uni[::-1] ~ uni[1:3] ~ (uni | length)
list[0] ~ list[-1] ~ list[5] ~ list[1:] ~ list[::-1] ~ list[:-1] ~ list[-2:] ~ list[0:10:2] ~ list[-1:0:-1] ~ list[5:]
list[::0]
(1, 2, 3)[1:]
list['0']
list[true]
list[1.0] is defined
n[0] is defined
n.foo is defined
list.0
nested[1][1][0]
nested[1].1.0
d.a.x[1]
d['a']['x'] ~ d.b ~ d['C'] ~ d.zz ~ d['zz']
d.items() | list
d['items']
d.items is string
d.get('b') ~ d.get('zz') ~ d.get('zz', 'dflt') ~ d.get('C', 1)
d.keys() | list ~ d.values() | list
d.keys()
dd.items()
dd.copy()
dd.update({'a': 1})
list.append(4)
list.append
list.pop()
list.index(2) ~ list.count(3)
missing
missing.foo
missing['foo']
missing()
missing + 1
missing | length
missing | upper ~ '|'
missing is defined ~ (missing is undefined) ~ (missing is none) ~ (n is defined)
d.zz.yy
d.zz is defined
n()
s.nope()
'x'()
n is number ~ (f is number) ~ (s is number) ~ (t is number) ~ (t is integer) ~ (n is integer) ~ (f is float) ~ (t is boolean)
s is string ~ (n is string) ~ (d is mapping) ~ (list is mapping) ~ (list is sequence) ~ (s is sequence) ~ (d is sequence) ~ (n is sequence)
list is iterable ~ (s is iterable) ~ (n is iterable) ~ (none is iterable) ~ (missing is iterable) ~ (d.items() is sequence)
t is true ~ (1 is true) ~ (no is false) ~ (0 is false) ~ (none_value is none) ~ (n is none)
n is odd ~ (n is even) ~ (n is divisibleby 7) ~ (n is divisibleby(2))
n is eq 7 ~ (n is equalto(7)) ~ (n is ne 7) ~ (n is gt 3) ~ (n is lt(3)) ~ (n is ge 7) ~ (n is in list) ~ (n is sameas 7)
'abc' is lower ~ ('ABC' is upper) ~ ('Abc' is lower) ~ ('' is lower)
range is callable ~ (n is callable)
n is not number
n is nosuchtest
n is defined is string
'upper' is filter ~ ('nosuch' is filter) ~ ('defined' is test)
n | nosuchfilter
(n | nosuchfilter) if no else 'ok'
missing | default('x') ~ none_value | default('x') ~ (none_value | default('x', true)) ~ ('' | d('e', boolean=true)) ~ (d.zz | default)
s | length ~ list | count ~ d | length
n | length
s | upper ~ s | lower ~ (s | capitalize) ~ ('hello-world foo(bar' | title) ~ (n | upper)
blank | trim ~ '|' ~ ('xxax' | trim('x')) ~ (n | trim)
list | first ~ list | last ~ (empty | first) ~ '|' ~ ('abc' | last) ~ (d | first)
words | join ~ (words | join(', ')) ~ ([1, none, 2.5] | join('-')) ~ (people | join('/', attribute='name'))
words | sort ~ (words | sort(case_sensitive=true)) ~ (list | sort(reverse=true)) ~ (people | sort(attribute='age') | map(attribute='name') | list)
people | sort(attribute='age,name', reverse=true) | map(attribute='name') | join(' ')
[1, 'a'] | sort
words | unique | list
[1, 1.0, 2, true] | unique | list
list | min ~ (list | max) ~ (words | max) ~ (people | min(attribute='age')).name ~ (empty | min)
list | sum ~ (people | sum(attribute='age')) ~ ([1.5, 2] | sum) ~ (empty | sum) ~ ([[1], [2]] | sum(start=[]))
list | reverse | list ~ ('abc' | reverse)
list | list ~ ('ab' | list) ~ (d | list)
list | map('string') | list ~ (words | map('upper') | join) ~ (people | map(attribute='tags', default='none') | list)
people | map(attribute='tags.0') | list
words | map('replace', 'a', 'z') | list
list | map | list
list | select | list ~ (list | select('odd') | list) ~ (list | reject('odd') | list) ~ (list | select('gt', 1) | list)
people | selectattr('age', 'equalto', 30) | map(attribute='name') | list ~ (people | selectattr('tags') | list | length) ~ (people | rejectattr('tags', 'defined') | map(attribute='name') | list)
none_value | selectattr('x') | list
none_value | list
list | select('nosuch') | list
list | batch(2) | list ~ (list | batch(2, 'x') | list) ~ (list | slice(2) | list) ~ (list | slice(2, 'x') | list)
people | groupby('age') | list | length
dd | items | list ~ (missing | items | list)
list | items | list
d | dictsort | map('first') | list ~ ({'b': 1, 'A': 2} | dictsort(true) | list) ~ ({'b': 1, 'a': 2} | dictsort(by='value') | list) ~ (dd | dictsort(reverse=true))
'1' | int ~ ('x' | int) ~ ('x' | int(5)) ~ ('2.7' | int) ~ (2.9 | int) ~ (-2.9 | int) ~ ('ff' | int(0, 16)) ~ ('0x1f' | int(base=16)) ~ (none_value | int) ~ (true | int) ~ (' 12 ' | int)
'1.5' | float ~ ('x' | float) ~ (3 | float) ~ ('1e3' | float) ~ ('inf' | float) ~ ('nan' | float)
2.5 | round ~ (3.5 | round) ~ (2.675 | round(2)) ~ (7 | round) ~ (2.1 | round(method='ceil')) ~ (2.9 | round(0, 'floor')) ~ (1234 | round(-2)) ~ (-2.5 | round)
-3 | abs ~ (-3.5 | abs) ~ (n | string | length)
'abc' | replace('b', 'x') ~ (12321 | replace(2, 'x')) ~ ('aaa' | replace('a', 'b', 2))
multi | indent ~ '|' ~ (multi | indent(2, true)) ~ '|' ~ (multi | indent('> ', first=true, blank=true)) ~ ('' | indent)
'<a href="x">&\\'' | e ~ ('<' | escape)
'<b>' | safe ~ '<i>'
('<b>' | safe) + '<i>'
'<i>' + ('<b>' | safe)
('<b>' | safe) | upper + '&'
s | truncate(5, leeway=0) ~ (s | truncate(5, true, '..', 0)) ~ (s | truncate(8, leeway=3)) ~ ('a b c d e f' | truncate(7, end='', leeway=0))
s | center(21) ~ '|' ~ (s | wordcount) ~ ('a/b c?é' | urlencode)
'%s is %d' | format('x', 3) ~ ('%(a)s' | format(a=1))
people[0] | attr('name') is defined
d | tojson ~ (people | tojson) ~ ('é\\n"<' | tojson) ~ (1.0 | tojson) ~ (none | tojson) ~ (true | tojson) ~ ((1, 2) | tojson)
d | tojson(indent=2)
[[], {}, [1], {'a': []}] | tojson(indent=4)
[] | tojson(indent=2)
d | tojson(separators=(',', ':')) ~ (d | tojson(sort_keys=true)) ~ (uni | tojson(ensure_ascii=true)) ~ (d | tojson(indent='--'))
{1: 2, none: 3, true: 4, 1.5: 5} | tojson
'\\x00\\x1f\\x7f\\u2028' | tojson
missing | tojson
d.items() | tojson
d | tojson | length
range(5) | list ~ (range(2, 8, 3) | list) ~ (range(5, 0, -2) | list) ~ (range(0) | list)
range(200000) | length
range(1, 2, 0)
dict(a=1, b=2) ~ dict(dd, z=1) ~ dict([('x', 1)])
namespace(a=1).a
strftime_now('%Y-%m-%d %H:%M:%S %d %B %b %A %a %j %y %I %p %-d %-m %%')
raise_exception('told so')
'x' | upper | lower | replace('x', 'y') | length
- n | abs
-1 | string | length
(n - 10) | abs
n is defined and s is defined
not missing
not n is string
n is not string and not none_value
[missing]
[1, 2,]
{'a': 1,}
[1, 2
(1
1 +
a b
1 = 2
foo.
'unclosed
n ! 2
n $ 2
list[1:2, 0] is defined
evil
s ~ evil ~ evil | length
[evil]
loop is defined
joiner() is defined
cycler('a', 'b').next()
true and 1
none or false
s * 2
none ~ True ~ False ~ None
1 if missing else 2
'a' ~ 1 + 2
1 + 2 ~ 'a'
'x' in ['x'] and 'y' not in ['x']
(1, 2)[0] + (3, 4)[-1]
words[1:] | join(words[0])
[1, 2, 3] | last + [4, 5] | first
"a\\
b"
n.__class__
s.__class__.__mro__
'a' is in 'abc'
n is in(list)
1 is in [1]
{'x': {'y': 'z'}}.x.y
{'get': 1}.get('get')
uni | upper ~ uni.title()
"🎉a🎉b".split('a') ~ "🎉a🎉b".find('b') ~ "🎉a"[1:]
9223372036854775807 - 1
"\\t" ~ '\\'' | length
[3, 1] | sort | first ~ [3, 1] | tojson
1.0 ~ ' ' ~ 100.0 ~ ' ' ~ 1.10 ~ ' ' ~ 12345678901234567.0 ~ ' ' ~ 1e22 ~ ' ' ~ 5e-324 ~ ' ' ~ 0.1
"a".join(['x', 'y', 'z'][::-1])
people | map(attribute='name') | map('lower') | list | tojson
people | selectattr('name', 'in', ['Ann', 'Cid']) | list | length
d.a is mapping and d.a.x is sequence and d.a.x is not string
"%s" % none ~ "%s" % [1] ~ "%s" % missing
""".strip("\n").split("\n")

TEMPLATES = [
    "a\n{% if t %}\nb\n{% endif %}\nc\n",
    "a\n  {% if t %}  \n  b\n  {% endif %}\n  c\n\n",
    "a\n  {%- if t -%}  \n  b\n  {%- endif -%}\n  c",
    "a\n  {%+ if t +%}  \n  b\n  {%+ endif +%}\n  c",
    "  {{ n }}  \n  {{- n -}}  \n  x",
    "  {# c #}  \n  {# c #}\n a {#- c -#} b {# multi\nline #}\nx",
    "{% raw %}{{ x }} {% if %}{% endraw %}\n y {%- raw -%} a {%- endraw -%} b",
    "{%raw%} x {%endraw%}",
    "x {% raw %} never closed",
    "{# never closed",
    "{{ n",
    "{% if t %}x",
    "{% if t %}x{% endfor %}",
    "{% endif %}",
    "{% nosuch %}",
    "{% %}",
    "{{ }}",
    "{{ n }",
    "{{ {'a': {'b': 1}}.a.b }}{{ {'a': {}} }}",
    "{ { x } } {% if t %}{{ '}}' }}{% endif %}{{ '%}' }}",
    "{% if no %}a{% elif n > 5 %}b{% elif n %}c{% else %}d{% endif %}",
    "{% if no %}a{% else %}b{% endif %}",
    "{% if missing %}a{% endif %}{% if not missing %}b{% endif %}",
    "{% if a, b %}x{% endif %}",
    "{% for x in list %}{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% for x in list %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.depth }} {% endfor %}",
    "{% for x in list %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem is defined }} {% endfor %}",
    "{% for x in list %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for x in [1, 1, 2, 2, 1] %}{{ loop.changed(x) }} {% endfor %}",
    "{% for x in empty %}x{% else %}none{% endfor %}",
    "{% for x in missing %}x{% else %}none{% endfor %}",
    "{% for x in none_value %}x{% endfor %}",
    "{% for x in n %}x{% endfor %}",
    "{% for x in list if x > 1 %}{{ loop.index }}:{{ x }}/{{ loop.length }} {% else %}none{% endfor %}",
    "{% for x in list if x > 10 %}{{ x }}{% else %}none{% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for k, v in d | dictsort %}{{ k }};{% endfor %}",
    "{% for k in d %}{{ k }};{% endfor %}",
    "{% for a, b in [[1, 2], [3]] %}{{ a }}{% endfor %}",
    "{% for a, (b, c) in [[1, [2, 3]]] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
    "{% for c in 'aé🎉' %}[{{ c }}]{% endfor %}",
    "{% for x in list %}{% if x == 1 %}{% break %}{% endif %}{{ x }}{% endfor %}|",
    "{% for x in list %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}|",
    "{% for x in list %}{% break %}{% else %}else{% endfor %}|",
    "{% for x in list %}{% continue %}{% else %}else{% endfor %}|",
    "{% for x in list %}{% if loop.last %}{% break %}{% endif %}{% else %}else{% endfor %}|",
    "{% break %}",
    "{% for x in tree recursive %}{{ x.v }}@{{ loop.depth }}{% if x.kids %}({{ loop(x.kids) }}){% endif %}{% endfor %}",
    "{% for x in list %}{{ loop(list) }}{% endfor %}",
    "{% set x = 1 %}{% for y in list %}{% set x = x + y %}{{ x }} {% endfor %}{{ x }}",
    "{% set x = 1 %}{% if t %}{% set x = 2 %}{% endif %}{{ x }}",
    "{% set ns = namespace(x=1) %}{% for y in list %}{% set ns.x = ns.x + y %}{% endfor %}{{ ns.x }}",
    "{% set ns = namespace() %}{% set ns.a = 'b' %}{{ ns.a }}{{ ns.c }}{{ ns.c is defined }}",
    "{% set d.x = 1 %}",
    "{% set missing.x = 1 %}",
    "{% set a, b = 1, 2 %}{{ b }}{{ a }}",
    "{% set a, b = [1, 2, 3] %}",
    "{% set a = 1, 2 %}{{ a }}",
    "{% set x %}a{{ n }}b{% endset %}{{ x | upper }}{{ x is string }}",
    "{% set x | upper | replace('A', 'z') %}a{{ n }}b{% endset %}{{ x }}",
    "{% set 1 = 2 %}",
    "{% set true = 2 %}",
    "{% macro m(a, b=2, c='x') %}[{{ a }}{{ b }}{{ c }}]{% endmacro %}{{ m(1) }}{{ m(1, 3) }}{{ m(1, c='y') }}{{ m() }}{{ m(b=5, a=4) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(z=2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, a=2) }}",
    "{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, 3, k='v') }}",
    "{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}",
    "{% macro m(a=1, b) %}{% endmacro %}",
    "{% macro m() %}{{ caller() }}!{% endmacro %}{% call m() %}in{{ n }}{% endcall %}",
    "{% macro m() %}{{ caller('x', 2) }}!{% endmacro %}{% call(a, b) m() %}{{ a }}{{ b }}{% endcall %}",
    "{% macro m() %}x{% endmacro %}{% call m() %}in{% endcall %}",
    "{% macro m() %}{{ later }}{% endmacro %}{% set later = 5 %}{{ m() }}",
    "{% macro f(k) %}{% if k > 0 %}{{ k }}{{ f(k - 1) }}{% endif %}{% endmacro %}{{ f(5) }}",
    "{% macro m(x) %}{% set n = x %}{{ n }}{% endmacro %}{{ m(1) }}{{ n }}",
    "{% macro m() %}\n  x\n{% endmacro %}\n[{{ m() }}][{{ m() | trim }}]",
    "{% for x in list %}{% macro m() %}{{ x }}{% endmacro %}{{ m() }}{% endfor %}",
    "{% filter upper %}a{{ s }}{% endfilter %}",
    "{% filter replace('a', 'b') | upper %}aa{% endfilter %}",
    "{% with a = 1, b = n %}{{ a }}{{ b }}{% endwith %}{{ a }}",
    "{% set a = 1 %}{% with a = 2, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }}",
    "{% print n %}{% print n, s %}",
    "{% generation %}a{{ n }}{% endgeneration %}b",
    "{% generation %}{% set q = 1 %}{% endgeneration %}{{ q }}",
    "{% for x in list %}{% generation %}{{ x }}{{ loop.index }}{% endgeneration %}{% endfor %}",
    "{% include 'x' %}",
    "{% if n is nosuch %}{% endif %}",
    "{% if no %}{{ n | nosuch }}{% endif %}ok",
    "{% for x in empty %}{{ n | nosuch }}{% endfor %}ok",
    "{{ n }}\r\n{% if t %}\r\nx\r\n{% endif %}\ry",
    "x\n\n",
    "x\n",
    "\n",
    "",
    "{{ '\n' }}{{ 'a\nb' }}",
    "{{- '' -}}  x  {{- '' }}  y",
    "a {%- if t %} b {%- endif %} c",
    "\t{% set x = 1 %}\n\t{{ x }}\n\t{%- set y = 2 %}\n{{ y }}",
    "text {% set x = 1 %}\nmore\n{% set y = 2 %} tail",
    "{% for x in list -%}\n  {{ x }}\n{%- endfor %}\n",
    "{% for x in list %}\n{{ x }}\n{% endfor %}\n",
    "{% if t -%}\n   x\n{%- endif -%}   \n  y",
    "{{ evil }}|{% set e = evil %}{{ e }}|{{ evil ~ '{{ 1 }}' }}",
    "{% for p in people %}{{ p.name }}{% for tag in p.tags %}{{ loop.index }}{{ tag }}{% endfor %}{{ loop.index }} {% endfor %}",
    "{% for x in list %}{% for y in list %}{% if y == 1 %}{% break %}{% endif %}{{ x }}{{ y }} {% endfor %}{% endfor %}",
    "{% set j = joiner('; ') %}{% for x in list %}{{ j() }}{{ x }}{% endfor %}",
    "{% set c = cycler('a', 'b') %}{% for x in list %}{{ c.next() }}{{ c.current }}{% endfor %}",
    "{% for g, items in people | groupby('age') %}{{ g }}:{{ items | map(attribute='name') | join(',') }} {% endfor %}",
    "{% set g = list | map('string') %}{{ g | list }}{{ g | list }}",
    "{% for m in people %}{%- set c = m.tags or [] -%}{{ c | length }}{% endfor %}",
    "{{ raise_exception('no ' ~ n) }}",
    "{% if no %}{{ raise_exception('x') }}{% endif %}fine",
    "{% set loop = 3 %}{{ loop }}",
    "{%if t%}x{%endif%}{%for x in[1,2]%}{{x}}{%endfor%}",
    "{% if t: %}x{% endif %}",
    "{{ n }} } }} %} #} {",
    "{% for x in list recursive %}{{ x }}{% endfor %}",
    "{% for x in 'ab' if t else 'cd' %}{{ x }}{% endfor %}",
    "{% set x = 'a' if no else 'b' %}{{ x }}",
    "{% set x = [] %}{% set x = x + [1] %}{% set x = x + [2] %}{{ x }}",
    "{% macro m(*args) %}{% endmacro %}",
    "{{ range(3) | map('string') | join(',') }}{{ dict(**dd).k }}{{ '{} {}'.format(*[1, 2]) }}",
    "{{ m }}{% macro m() %}{% endmacro %}",
    "{% set x = namespace(y=[]) %}{% for i in range(3) %}{% set x.y = x.y + [i] %}{% endfor %}{{ x.y }}",
    "{{ '{%' }}{{ \"{{\" }}",
    "{% for message in people %}{% if loop.index0 % 2 == 0 %}e{% else %}o{% endif %}{% endfor %}",
    "{% autoescape true %}{% endautoescape %}{{ ) }}",
    "{{ 'a' }}{#- x -#}\n\n  {{ 'b' }}{# y #}\n{{ 'c' }}",
    "{{ ''|default('x') }}{{ d.zz|default(d.yy)|default('deep') }}",
    "{{+ n }}",
    "{{ n +}}",
    "{%- if t -%} a {%+ endif -%} b",
    "{{ dd.k if dd.k is defined and dd.k is string else 'none' }}",
]


def main():
    cases = [{"source": s, "expect": render(s, VARIABLES)} for s in ["{{ " + e + " }}" for e in EXPRESSIONS] + TEMPLATES]
    for c in cases:  # Python's own words and addresses are not part of the promise
        if "error" in c["expect"]:
            c["expect"]["error"] = c["expect"]["error"].split(":")[0]
    with open("src/test/resources/dev/vtc/text/template/templates.json", "w", encoding="utf-8") as f:
        f.write('{"variables": ' + json.dumps(VARIABLES) + ',\n"cases": [\n')
        f.write(",\n".join(json.dumps(c) for c in cases) + "\n]}\n")
    print(len(cases), "cases, of which Jinja2 refuses", sum("error" in c["expect"] for c in cases))


main()
