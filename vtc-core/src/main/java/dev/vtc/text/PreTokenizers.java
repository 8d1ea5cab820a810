package dev.vtc.text;

import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pre-tokenizers that GGUF files name in {@code tokenizer.ggml.pre}, and what goes with each
 * name: the file does not say it. Names and settings as in llama.cpp.
 */
final class PreTokenizers {
  /**
   * What a name stands for.
   *
   * @param stages the splitters, one after the other
   * @param ignoreMerges a word that is a token is that token, however it would merge
   * @param addBos whether a BOS token is added where the file does not say
   * @param characters merges run over characters, with spaces as U+2581, instead of bytes
   * @param newlineRuns a run of line ends that is a token is that token
   */
  record PreTokenizer(
      Supplier<Splitter[]> stages,
      boolean ignoreMerges,
      boolean addBos,
      boolean characters,
      boolean newlineRuns) {
    PreTokenizer(Supplier<Splitter[]> stages) {
      this(stages, false, false, false, false);
    }

    PreTokenizer ignoringMerges() {
      return new PreTokenizer(stages, true, addBos, characters, newlineRuns);
    }

    PreTokenizer addingBos() {
      return new PreTokenizer(stages, ignoreMerges, true, characters, newlineRuns);
    }
  }

  private static final PreTokenizer GPT2 = new PreTokenizer(() -> of(new WordScanners.Gpt2()));
  private static final PreTokenizer DIGITS_GPT2 =
      new PreTokenizer(() -> of(new WordScanners.Numbers(1), new WordScanners.Gpt2()));
  private static final PreTokenizer LLAMA3 =
      new PreTokenizer(() -> of(new WordScanners.Llama3(3, false)));
  private static final PreTokenizer QWEN2 =
      new PreTokenizer(() -> of(new WordScanners.Llama3(1, false)));
  private static final PreTokenizer LINES =
      new PreTokenizer(() -> of(new WordScanners.Lines()), false, false, true, false);

  private PreTokenizers() {}

  private static Splitter[] of(Splitter... stages) {
    return stages;
  }

  /**
   * The pre-tokenizer of a name.
   *
   * @throws IllegalArgumentException if there is none; names those that exist
   */
  static PreTokenizer named(String name) {
    PreTokenizer found = find(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "The model wants the pre-tokenizer '"
              + name
              + "', which is not supported; supported are "
              + String.join(", ", new TreeSet<>(NAMES.keySet()))
              + ".");
    }
    return found;
  }

  private static @Nullable PreTokenizer find(String name) {
    return NAMES.get(name);
  }

  private static final Map<String, PreTokenizer> NAMES =
      Map.ofEntries(
          Map.entry("gpt-2", GPT2),
          Map.entry("smollm", DIGITS_GPT2),
          Map.entry("llama-bpe", LLAMA3.ignoringMerges().addingBos()),
          Map.entry("qwen2", QWEN2),
          Map.entry("gemma4", new PreTokenizer(LINES.stages(), false, true, true, true)));
}
