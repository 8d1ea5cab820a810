package dev.vtc.format;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code config.json} of a Hugging Face folder, and its translation to GGUF's keys.
 *
 * @param values the members; those of {@code text_config} first, as models that also see have it
 */
record HfConfig(HfArchitecture architecture, Map<String, Object> values) {
  /** The largest configuration file of a folder that is read, in bytes. */
  static final long MAX_BYTES = 1 << 24;

  /**
   * @throws IllegalArgumentException when the architecture is missing or not supported
   */
  static HfConfig of(Map<String, Object> json) {
    String name =
        json.get("architectures") instanceof List<?> list
                && !list.isEmpty()
                && list.getFirst() instanceof String s
            ? s
            : "(none)";
    HfArchitecture architecture = HfArchitecture.named(name);
    if (architecture == null) {
      throw new IllegalArgumentException(
          "the architecture is "
              + name
              + ", which VTC does not read from safetensors; it reads "
              + HfArchitecture.supported()
              + ": try a GGUF file of the model.");
    }
    Map<String, Object> values = new LinkedHashMap<>(json);
    values.putAll(Json.member(json, "text_config"));
    return new HfConfig(architecture, values);
  }

  /** A whole number that must be there and be at least 1. */
  long count(String name) {
    Long value = optionalCount(name);
    if (value == null) {
      throw new IllegalArgumentException("the member " + name + " is missing.");
    }
    return value;
  }

  @Nullable Long optionalCount(String name) {
    Object value = values.get(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof Long n) || n < 1 || n > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("the member " + name + " is " + value + ".");
    }
    return n;
  }

  long count(String name, long otherwise) {
    Long value = optionalCount(name);
    return value == null ? otherwise : value;
  }

  private static @Nullable Double number(Map<String, Object> object, String name) {
    return object.get(name) instanceof Number n ? (Double) n.doubleValue() : null;
  }

  private double number(String name, double otherwise) {
    Double value = number(values, name);
    return value == null ? otherwise : value;
  }

  long layers() {
    long layers = count("num_hidden_layers");
    if (layers > 4096) {
      throw new IllegalArgumentException("the member num_hidden_layers is " + layers + ".");
    }
    return layers;
  }

  long heads() {
    return architecture == HfArchitecture.GEMMA3
        ? count("num_attention_heads", 8)
        : count("num_attention_heads");
  }

  long kvHeads() {
    return count("num_key_value_heads", architecture == HfArchitecture.GEMMA3 ? 4 : heads());
  }

  /** Rows of a head. */
  int headDim() {
    Long stated = optionalCount("head_dim");
    if (stated != null && architecture != HfArchitecture.GRANITE) {
      return Math.toIntExact(stated);
    }
    if (architecture == HfArchitecture.GEMMA3) {
      return 256;
    }
    if (count("hidden_size") % heads() != 0) {
      throw new IllegalArgumentException("hidden_size is no multiple of num_attention_heads.");
    }
    return Math.toIntExact(count("hidden_size") / heads());
  }

  /** False for a layer without rope: every fourth of SmolLM3, or as its configuration says. */
  boolean turns(int layer) {
    if (architecture != HfArchitecture.SMOLLM3) {
      return true;
    }
    if (values.get("no_rope_layers") instanceof List<?> list && layer < list.size()) {
      return !Long.valueOf(0).equals(list.get(layer));
    }
    return (layer + 1) % count("no_rope_layer_interval", 4) != 0;
  }

  /** GGUF has no key for layers without rope: SmolLM3's are every fourth. */
  private void checkTurns() {
    for (int i = 0; i < layers(); i++) {
      if (turns(i) != ((i + 1) % 4 != 0)) {
        throw new IllegalArgumentException(
            "layers without rope other than every fourth (no_rope_layers,"
                + " no_rope_layer_interval) are not supported.");
      }
    }
  }

  private void checkActivation() {
    Object stated = values.get(architecture.isGemma() ? "hidden_activation" : "hidden_act");
    Set<String> supported =
        architecture.isGemma() ? Set.of("gelu_pytorch_tanh") : Set.of("silu", "swish");
    if (stated != null && !supported.contains(String.valueOf(stated))) {
      throw new IllegalArgumentException(
          "the activation " + stated + " is not supported by " + architecture.gguf + ".");
    }
  }

  /** True if the embedding is the output matrix, too. */
  boolean tied() {
    return architecture.isGemma() || Boolean.TRUE.equals(values.get("tie_word_embeddings"));
  }

  /** What says how positions turn: {@code rope_parameters} or, older, {@code rope_scaling}. */
  Map<String, Object> rope() {
    Map<String, Object> rope = new LinkedHashMap<>(Json.member(values, "rope_scaling"));
    Map<String, Object> newer = Json.member(values, "rope_parameters");
    rope.putAll(newer);
    rope.putAll(Json.member(newer, "full_attention"));
    return rope;
  }

  String ropeType() {
    Object type = rope().getOrDefault("rope_type", rope().get("type"));
    return type instanceof String s ? s : "default";
  }

  double ropeBase() {
    Double inRope = number(rope(), "rope_theta");
    return inRope != null
        ? inRope
        : number("rope_theta", architecture == HfArchitecture.GEMMA3 ? 1e6 : 1e4);
  }

  /** The metadata of {@code general.*} and of the architecture, except for the name. */
  Map<String, Object> metadata() {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("general.architecture", architecture.gguf);
    String p = architecture.gguf + ".";
    m.put(p + "block_count", layers());
    m.put(p + "context_length", count("max_position_embeddings", 131_072));
    m.put(p + "embedding_length", count("hidden_size"));
    m.put(p + "feed_forward_length", count("intermediate_size"));
    m.put(p + "attention.head_count", heads());
    m.put(p + "attention.head_count_kv", kvHeads());
    m.put(
        p + "attention.layer_norm_rms_epsilon",
        number("rms_norm_eps", architecture == HfArchitecture.GEMMA3 ? 1e-6 : 1e-5));
    if (architecture.isGemma() || values.containsKey("head_dim")) {
      m.put(p + "attention.key_length", (long) headDim());
      m.put(p + "attention.value_length", (long) headDim());
    }
    m.put(p + "vocab_size", count("vocab_size"));
    m.put(p + "rope.freq_base", ropeBase());
    if (architecture.turnsHeads) {
      m.put(p + "rope.dimension_count", (long) headDim());
    }
    ropeScaling(m, p);
    HfWindow.put(m, p, this);
    checkActivation();
    Double scores = architecture.isGemma() ? number(values, "query_pre_attn_scalar") : null;
    if (scores != null) {
      m.put(p + "attention.scale", 1 / Math.sqrt(scores));
    }
    switch (architecture) {
      case LLAMA, MISTRAL, MIXTRAL -> {
        if (optionalCount("num_local_experts") != null) {
          m.put(p + "expert_count", count("num_local_experts"));
          m.put(p + "expert_used_count", count("num_experts_per_tok"));
        }
      }
      case MISTRAL3 -> {
        copy(m, rope(), "mscale_all_dim", p + "rope.scaling.yarn_log_multiplier");
        copy(m, rope(), "llama_4_scaling_beta", p + "attention.temperature_scale");
      }
      case QWEN3MOE -> {
        boolean some = values.get("mlp_only_layers") instanceof List<?> list && !list.isEmpty();
        if (some || count("decoder_sparse_step", 1) != 1) {
          throw new IllegalArgumentException(
              "layers without experts (mlp_only_layers, decoder_sparse_step) are not supported.");
        }
        if (values.get("norm_topk_prob") instanceof Boolean normalized) {
          m.put(p + "expert_weights_norm", normalized);
        }
        m.put(p + "expert_count", count("num_experts"));
        m.put(p + "expert_used_count", count("num_experts_per_tok"));
        m.put(p + "expert_feed_forward_length", count("moe_intermediate_size"));
      }
      case GEMMA2 -> {
        copyNumber(m, "attn_logit_softcapping", p + "attn_logit_softcapping");
        copyNumber(m, "final_logit_softcapping", p + "final_logit_softcapping");
      }
      case SMOLLM3 -> checkTurns();
      case GEMMA3 -> gemma3(m, p);
      case GRANITE -> {
        copyNumber(m, "attention_multiplier", p + "attention.scale");
        copyNumber(m, "embedding_multiplier", p + "embedding_scale");
        copyNumber(m, "residual_multiplier", p + "residual_scale");
        copyNumber(m, "logits_scaling", p + "logit_scale");
      }
      case PHI3 -> phi3(m, p);
      default -> {}
    }
    return m;
  }

  private void gemma3(Map<String, Object> m, String p) {
    copyNumber(m, "final_logit_softcapping", p + "final_logit_softcapping");
    Double local =
        number(
            Json.member(Json.member(values, "rope_parameters"), "sliding_attention"), "rope_theta");
    if (local == null) {
      local = number(values, "rope_local_base_freq");
    }
    if (local != null) {
      m.put(p + "rope.freq_base_swa", local);
    }
  }

  private void phi3(Map<String, Object> m, String p) {
    Double part = number(values, "partial_rotary_factor");
    if (part == null) {
      part = number(rope(), "partial_rotary_factor");
    }
    m.put(p + "rope.dimension_count", (long) (headDim() * (part == null ? 1 : part.doubleValue())));
    Long original = optionalCount("original_max_position_embeddings");
    if (original != null) {
      m.put(p + "rope.scaling.original_context_length", original);
      double stretch = (double) count("max_position_embeddings", original) / original;
      if (ropeType().equals("longrope") || ropeType().equals("su")) {
        m.put(
            p + "rope.scaling.attn_factor",
            stretch > 1 ? Math.sqrt(1 + Math.log(stretch) / Math.log(original)) : 1.0);
      }
    }
  }

  private void ropeScaling(Map<String, Object> m, String p) {
    Map<String, Object> rope = rope();
    switch (ropeType()) {
      case "default", "llama3" -> {}
      case "linear" -> {
        m.put(p + "rope.scaling.type", "linear");
        m.put(p + "rope.scaling.factor", required(rope, "factor"));
      }
      case "yarn" -> {
        m.put(p + "rope.scaling.type", "yarn");
        m.put(p + "rope.scaling.factor", required(rope, "factor"));
        m.put(
            p + "rope.scaling.original_context_length",
            (long) required(rope, "original_max_position_embeddings"));
        copy(m, rope, "extrapolation_factor", p + "rope.scaling.yarn_ext_factor");
        copy(m, rope, "attention_factor", p + "rope.scaling.yarn_attn_factor");
        copy(m, rope, "beta_fast", p + "rope.scaling.yarn_beta_fast");
        copy(m, rope, "beta_slow", p + "rope.scaling.yarn_beta_slow");
      }
      case "su", "longrope" -> m.put(p + "rope.scaling.type", "longrope");
      default ->
          throw new IllegalArgumentException(
              "the rope type "
                  + ropeType()
                  + " is not supported; supported are default, linear, llama3, yarn, longrope.");
    }
  }

  private static double required(Map<String, Object> rope, String name) {
    Double value = number(rope, name);
    if (value == null || !(value > 0) || value.isInfinite()) {
      throw new IllegalArgumentException("the rope scaling lacks a sensible " + name + ".");
    }
    return value;
  }

  private void copyNumber(Map<String, Object> m, String from, String to) {
    copy(m, values, from, to);
  }

  private static void copy(
      Map<String, Object> m, Map<String, Object> object, String from, String to) {
    Double value = number(object, from);
    if (value != null) {
      m.put(to, value);
    }
  }

  /**
   * By what each pair's frequency is divided, for Llama 3's rope; null for others. The formula is
   * that of {@code _compute_llama3_parameters} in transformers.
   */
  float @Nullable [] llama3Factors() {
    if (!ropeType().equals("llama3")) {
      return null;
    }
    Map<String, Object> rope = rope();
    double factor = required(rope, "factor");
    double low = required(rope, "low_freq_factor");
    double high = required(rope, "high_freq_factor");
    double context = required(rope, "original_max_position_embeddings");
    int dims = headDim();
    float[] factors = new float[dims / 2];
    for (int i = 0; i < factors.length; i++) {
      double wavelength = 2 * Math.PI * Math.pow(ropeBase(), 2.0 * i / dims);
      if (wavelength < context / high) {
        factors[i] = 1;
      } else if (wavelength > context / low) {
        factors[i] = (float) factor;
      } else {
        double smooth = (context / wavelength - low) / (high - low);
        factors[i] = (float) (1 / ((1 - smooth) / factor + smooth));
      }
    }
    return factors;
  }

  /** {@code long_factor} or {@code short_factor} of Phi 3's rope; null if there is none. */
  float @Nullable [] longRopeFactors(String name) {
    if (!(rope().get(name) instanceof List<?> list)) {
      return null;
    }
    float[] factors = new float[list.size()];
    for (int i = 0; i < factors.length; i++) {
      if (!(list.get(i) instanceof Number n)) {
        throw new IllegalArgumentException("the rope scaling's " + name + " holds no numbers.");
      }
      factors[i] = n.floatValue();
    }
    return factors;
  }
}
