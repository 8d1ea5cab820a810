package dev.vtc.text;

import dev.vtc.text.WordScanners.DigitGroups;
import dev.vtc.text.WordScanners.Gpt2;
import dev.vtc.text.WordScanners.Lines;
import dev.vtc.text.WordScanners.Llama3;
import dev.vtc.text.WordScanners.Numbers;
import dev.vtc.text.WordScanners.TrailingSpaces;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * The pre-tokenizers that GGUF files name in {@code tokenizer.ggml.pre}, and what goes with each
 * name: the file does not say it. Names and settings as in llama.cpp.
 */
final class PreTokenizers {
  /** What a name stands for. */
  static final class PreTokenizer {
    private final Splitter[] stages;
    private final boolean ignoreMerges;
    private final boolean addBos;
    private final boolean characters;
    private final boolean newlineRuns;

    private PreTokenizer(
        Splitter[] stages,
        boolean ignoreMerges,
        boolean addBos,
        boolean characters,
        boolean newlineRuns) {
      this.stages = stages;
      this.ignoreMerges = ignoreMerges;
      this.addBos = addBos;
      this.characters = characters;
      this.newlineRuns = newlineRuns;
    }

    private PreTokenizer ignoringMerges() {
      return new PreTokenizer(stages, true, addBos, characters, newlineRuns);
    }

    private PreTokenizer addingBos() {
      return new PreTokenizer(stages, ignoreMerges, true, characters, newlineRuns);
    }

    /** The splitters, one after the other; not to be changed. */
    Splitter[] stages() {
      return stages;
    }

    /** Whether a word that is a token is that token, however it would merge. */
    boolean ignoreMerges() {
      return ignoreMerges;
    }

    /** Whether a BOS token is added where the file does not say. */
    boolean addBos() {
      return addBos;
    }

    /** Whether merges run over characters, with spaces as U+2581, instead of bytes. */
    boolean characters() {
      return characters;
    }

    /** Whether a run of line ends that is a token is that token. */
    boolean newlineRuns() {
      return newlineRuns;
    }
  }

  private static final String SPLIT = "split ";

  /** Most stages of a description, for each takes stack. */
  private static final int MAX_STAGES = 64;

  private static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";

  /** Chinese and Japanese, as DeepSeek's files have it. */
  private static final String HAN_KANA = "[\\x{4E00}-\\x{9FA5}\\x{3040}-\\x{30FF}]+";

  private static final String HAN_HANGUL = "[\\x{800}-\\x{9FA5}\\x{AC00}-\\x{D7FF}&&[^\\s]]+";

  /** An ASCII sign with the letters behind it; words with marks; signs. */
  private static final String DEEPSEEK_WORDS =
      "[!-/:-@\\[-`{-~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+";

  private static final String LINE_ENDS_AND_SPACES = "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /**
   * Letters with case, without ª, º and the modifier letters: the ranges of DeepSeek LLM's {@code
   * tokenizer.json}.
   */
  private static final String CASED_LETTERS =
      "41-5A 61-7A B5 C0-D6 D8-F6 F8-1BA 1BC-1BF 1C4-293 295-2AF 370-373 376 377 37B-37D 37F 386"
          + " 388-38A 38C 38E-3A1 3A3-3F5 3F7-481 48A-52F 531-556 10A0-10C5 13A0-13F5 13F8-13FD"
          + " 1C90-1CBA 1CBD-1CBF 1D00-1D2B 1D6B-1D77 1D79-1D9A 1E00-1F15 1F18-1F1D 1F20-1F45"
          + " 1F48-1F4D 1F50-1F57 1F59 1F5B 1F5D 1F5F-1F7D 1F80-1FB4 1FB6-1FBC 1FBE 1FC2-1FC4"
          + " 1FC6-1FCC 1FD0-1FD3 1FD6-1FDB 1FE0-1FEC 1FF2-1FF4 1FF6-1FFC 2102 2107 210A-2113 2115"
          + " 2119-211D 2124 2126 2128 212A-212D 212F-2134 2139 213C-213F 2145-2149 214E 2183 2184"
          + " 2C00-2C7B 2C7E-2CE4 2CEB-2CEE 2CF2 2CF3 A640-A66D A680-A69B A722-A76F A771-A787"
          + " A78B-A78E AB70-ABBF FB00-FB06 FB13-FB17 FF21-FF3A FF41-FF5A 10400-1044F 104B0-104D3"
          + " 104D8-104FB 10C80-10CB2 10CC0-10CF2 118A0-118DF 1E900-1E943";

  /** Scripts without spaces between words, as AFMoE's {@code tokenizer.json} has them. */
  private static final String ASIAN_SCRIPTS =
      "4E00-9FFF 3400-4DBF 8C48-FAFF 3040-30FF FF65-FF9F 2F00-2FDF E40-E7F E80-EFF 1780-17FF"
          + " 1000-109F AA60-AA7F A9E0-A9FF AC00-D7AF 1100-11FF";

  private static final String PORO =
      " ?[^(\\s|.,!?\\x{2026}\\x{3002}\\x{FF0C}\\x{3001}\\x{964}\\x{6D4}\\x{60C})]+";

  /** All names, separated by spaces; those on one line mean the same. */
  private static final String NAMES =
      """
      default
      gpt-2 phi-2 jina-es jina-de gigachat jina-v2-es jina-v2-de a.x-4.0 mellum modern-bert exaone4 \
      mpt olmo jais trillion granite-docling jina-v1-en jina-v2-code roberta-bpe
      smollm starcoder refact command-r codeshell exaone minerva-7b mellum2
      llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano
      dbrx smaug-bpe chatglm-bpe
      glm4 glm5
      qwen2 deepseek-r1-qwen kormo f2llmv2 megrez stablelm2 hunyuan solar-open grok-2 bailingmoe \
      bailingmoe2 llada-moe
      qwen35
      minicpm5
      laguna
      seed-coder
      ufakzeka
      jais-2
      deepseek-v3 hunyuan-dense joyai-llm hy_v4
      spark2_5
      deepseek-llm
      deepseek-coder
      falcon
      poro-chat bloom gpt3-finnish
      viking
      tekken
      gpt-4o llama4 kanana2 talkie minimax-m2
      granite-embed-multi-97m
      tiny_aya cohere2moe
      youtu
      superbpe
      afmoe
      chameleon
      gemma4 granite-embed-multi-311m
      sarvam-moe
      """;

  private PreTokenizers() {}

  /** All names. */
  static List<String> names() {
    return Arrays.asList(NAMES.strip().split("\\s+", -1));
  }

  /** How a description of stages begins, which stands where names do. */
  static final String STAGES = "stages\n";

  /**
   * A description of stages, for those that have no name: {@code tokenizer.vtc.pre} has it line by
   * line. {@code split PATTERN} (a {@link WordPattern}), {@code gpt-2}, {@code digit} (each number
   * alone) and {@code digits} (runs of numbers) are stages; those behind {@code bytes} see the
   * letters that stand for bytes ({@link ByteLetters}); {@code characters} and {@code
   * ignore_merges} are settings.
   */
  private static PreTokenizer described(String description) {
    List<Splitter> stages = new ArrayList<>();
    boolean characters = false;
    boolean ignoreMerges = false;
    int behindBytes = Integer.MAX_VALUE;
    for (String line : description.split("\n", -1)) {
      if (stages.size() == MAX_STAGES) {
        throw new IllegalArgumentException(
            "The pre-tokenizer has more than "
                + MAX_STAGES
                + " stages, which is no model's: use a GGUF file of the model.");
      }
      switch (line) {
        case "" -> {}
        case "gpt-2" -> stages.add(new Gpt2());
        case "digit" -> stages.add(new Numbers(1));
        case "digits" -> stages.add(new Numbers(Integer.MAX_VALUE));
        case "bytes" -> behindBytes = stages.size();
        case "characters" -> characters = true;
        case "ignore_merges" -> ignoreMerges = true;
        default -> {
          if (!line.startsWith(SPLIT)) {
            throw new IllegalArgumentException(
                "The stage '" + line + "' of tokenizer.vtc.pre is not supported.");
          }
          stages.add(new WordPattern(line.substring(SPLIT.length())));
        }
      }
    }
    for (int i = behindBytes; i < stages.size(); i++) {
      stages.set(i, new ByteLetters(stages.get(i)));
    }
    return new PreTokenizer(
        stages.toArray(Splitter[]::new), ignoreMerges, false, characters, false);
  }

  /**
   * The pre-tokenizer of a name.
   *
   * @throws IllegalArgumentException if there is none; names those that exist
   */
  static PreTokenizer named(String name) {
    if (name.startsWith(STAGES)) {
      return described(name.substring(STAGES.length()));
    }
    for (String line : NAMES.split("\n", -1)) {
      if (!name.isEmpty() && (" " + line + " ").contains(" " + name + " ")) {
        int end = line.indexOf(' ');
        return group(end < 0 ? line : line.substring(0, end));
      }
    }
    throw new IllegalArgumentException(
        "The model wants the pre-tokenizer '"
            + name
            + "', which is not supported; supported are "
            + String.join(", ", new TreeSet<>(names()))
            + ".");
  }

  /** The pre-tokenizer of the first name of a line; made when it is wanted, no other. */
  private static PreTokenizer group(String name) {
    return switch (name) {
      case "gpt-2" -> of(new Gpt2());
      case "smollm" -> of(new Numbers(1), new Gpt2());
      case "llama-bpe" -> of(new Llama3(3, false)).ignoringMerges().addingBos();
      case "dbrx" -> of(new Llama3(3, false));
      case "glm4" -> of(new Llama3(3, false)).ignoringMerges();
      case "qwen2" -> of(new Llama3(1, false));
      case "qwen35" -> of(new Llama3(1, true));
      case "minicpm5" -> of(new Numbers(3), new Llama3(Integer.MAX_VALUE, false)).ignoringMerges();
      case "laguna" -> of(new Lines(), new Llama3(1, false));
      case "seed-coder" ->
          patterns(
              CONTRACTION
                  + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}\\r\\n]+"
                  + LINE_ENDS_AND_SPACES);
      case "ufakzeka" ->
          patterns(
              "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                  + LINE_ENDS_AND_SPACES);
      case "jais-2" ->
          patterns(
              CONTRACTION
                  + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                  + "|\\s*[\\r\\n]+|\\s{512}(?!\\S)|\\s{256}(?!\\S)|\\s{128}(?!\\S)|\\s{64}(?!\\S)"
                  + "|\\s{32}(?!\\S)|\\s{16}(?!\\S)|\\s{8}(?!\\S)|\\s{4}(?!\\S)|\\s{1,2}(?!\\S)|\\s");
      case "deepseek-v3" ->
          of(
              new Numbers(3),
              new WordPattern(HAN_KANA),
              new WordPattern(DEEPSEEK_WORDS + "[\\r\\n]*" + LINE_ENDS_AND_SPACES));
      case "spark2_5" ->
          of(
              new Numbers(3),
              new WordPattern(HAN_KANA),
              new WordPattern(DEEPSEEK_WORDS + "|[\\r\\n]|\\s+(?!\\S)|\\s+"),
              new Numbers(1));
      case "deepseek-llm" ->
          of(
              new WordPattern("[\\r\\n]"),
              new WordPattern("\\s?[" + ranges(CASED_LETTERS) + "]+"),
              new WordPattern(
                  "\\s?[!-/:-~\\x{FF01}-\\x{FF0F}\\x{FF1A}-\\x{FF5E}\\x{2018}-\\x{201F}"
                      + "\\x{3001}\\x{3002}]+"),
              new TrailingSpaces(),
              new WordPattern(HAN_HANGUL),
              new Numbers(Integer.MAX_VALUE));
      case "deepseek-coder" ->
          of(
              new WordPattern("[\\r\\n]"),
              new WordPattern("\\s?\\p{L}+"),
              new WordPattern("\\s?\\p{P}+"),
              new WordPattern(HAN_HANGUL),
              new Numbers(1));
      case "falcon" ->
          of(new WordPattern("[\\p{P}$+<=>^~|`]+"), new Gpt2(), new WordPattern("[0-9][0-9][0-9]"));
      case "poro-chat" -> patterns(PORO);
      case "viking" -> of(new WordPattern(PORO), new Numbers(1));
      case "tekken" -> patterns(cased("\\p{L}", "", "")).ignoringMerges().addingBos();
      case "gpt-4o" -> patterns(cased("\\p{L}", CONTRACTION + "?", "{1,3}"));
      case "granite-embed-multi-97m" ->
          patterns(cased("\\p{L}\\p{M}", CONTRACTION + "?", "{1,3}")).ignoringMerges();
      case "tiny_aya" ->
          of(new DigitGroups(CodePoints.NUMBER, true), new WordPattern(markedWords("{1,3}")));
      case "youtu" ->
          patterns(
                  "[\\x{AC00}-\\x{D7A3}\\x{3131}-\\x{318E}]+"
                      + "|[\\x{FF01}\\x{2026}\\x{201C}\\x{201D}\\x{2018}\\x{2019}\\x{2014}\\x{FF1A}"
                      + "\\x{FF1B}\\x{FF0C}\\x{3001}-\\x{303F}\\x{FE30}-\\x{FE4F}]+"
                      + "|[\\x{3105}-\\x{312F}]+|"
                      + HAN_KANA,
                  markedWords(""))
              .ignoringMerges();
      case "superbpe" ->
          of(new Numbers(Integer.MAX_VALUE), new DigitGroups(WordScanners.ASCII_DIGITS, false));
      case "afmoe" ->
          of(
              new DigitGroups(CodePoints.NUMBER, true),
              new WordPattern("[" + ranges(ASIAN_SCRIPTS) + "]+"),
              new WordPattern(DEEPSEEK_WORDS + "[\\r\\n]*" + LINE_ENDS_AND_SPACES));
      case "chameleon" ->
          of(
                  new WordPattern("<sentinel:[0-9]+>"),
                  new WordPattern("IMGIMG[A-I]{1,4}Z"),
                  new WordPattern("[\\t\\n]|    |  "),
                  new Numbers(1),
                  new WordPattern("[\\p{P}!-/:-@\\[-`{-~]"),
                  new Gpt2())
              .addingBos();
      case "gemma4" -> new PreTokenizer(array(new Lines()), false, true, true, true);
      case "sarvam-moe" -> new PreTokenizer(array(new Lines()), false, false, true, false);
      default ->
          of(
              new WordPattern("[\\p{P}$+<=>^~|]+"),
              new Gpt2(),
              new Numbers(Integer.MAX_VALUE),
              new WordPattern("[0-9][0-9][0-9]"));
    };
  }

  private static Splitter[] array(Splitter... stages) {
    return stages;
  }

  private static PreTokenizer of(Splitter... stages) {
    return new PreTokenizer(stages, false, false, false, false);
  }

  private static PreTokenizer patterns(String... patterns) {
    Splitter[] stages = new Splitter[patterns.length];
    for (int i = 0; i < stages.length; i++) {
      stages[i] = new WordPattern(patterns[i]);
    }
    return of(stages);
  }

  /** Words in lower case behind a capital, or in capitals; case is known of ASCII letters only. */
  private static String cased(String letters, String suffix, String digits) {
    String start = "[^\\r\\n\\p{L}\\p{N}]?";
    String upper = "[" + letters + "&&[^a-z]]";
    String lower = "[" + letters + "&&[^A-Z]]";
    return (start + upper + "*" + lower + "+" + suffix)
        + ("|" + start + upper + "+" + lower + "*" + suffix)
        + ("|\\p{N}" + digits + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*" + LINE_ENDS_AND_SPACES);
  }

  private static String markedWords(String digits) {
    return "[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+"
        + (CONTRACTION + "?|\\p{N}" + digits + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*")
        + LINE_ENDS_AND_SPACES;
  }

  /** Hexadecimal ranges as members of a set. */
  private static String ranges(String hexadecimal) {
    return "\\x{" + hexadecimal.replace("-", "}-\\x{").replace(" ", "}\\x{") + "}";
  }
}
