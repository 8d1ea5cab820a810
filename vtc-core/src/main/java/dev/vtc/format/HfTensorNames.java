package dev.vtc.format;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** GGUF's names for the tensors of Hugging Face models. */
final class HfTensorNames {
  private static final Pattern LAYER =
      Pattern.compile("layers\\.(0|[1-9]\\d{0,3})\\.(.+)\\.(weight|bias)");
  private static final Pattern EXPERT =
      Pattern.compile("mlp\\.experts\\.(0|[1-9]\\d{0,3})\\.(gate|up|down)_proj");

  /** Mixtral's: w1 is gate, w2 down, w3 up. */
  private static final Pattern SPARSE_EXPERT =
      Pattern.compile("block_sparse_moe\\.experts\\.(0|[1-9]\\d{0,3})\\.w([123])");

  private static final List<String> W = List.of("gate", "down", "up");

  private HfTensorNames() {}

  /** True for tensors that text generation does not need. */
  static boolean skipped(String name, HfConfig config) {
    return name.endsWith("rotary_emb.inv_freq")
        || name.startsWith("vision_tower.")
        || name.startsWith("model.vision_tower.")
        || name.startsWith("multi_modal_projector.")
        || name.startsWith("model.multi_modal_projector.")
        || (config.tied() && name.endsWith("lm_head.weight"));
  }

  /**
   * The GGUF name of a tensor, or null if the architecture has no such tensor. Experts that are
   * stored one by one keep that: {@code blk.N.ffn_gate.E.weight}, as early GGUF files of mixtures
   * of experts had it.
   */
  static @Nullable String gguf(String name, HfArchitecture architecture) {
    String rest = name;
    for (String prefix : new String[] {"language_model.", "model.", "language_model."}) {
      if (rest.startsWith(prefix)) {
        rest = rest.substring(prefix.length());
      }
    }
    return switch (rest) {
      case "embed_tokens.weight" -> "token_embd.weight";
      case "norm.weight" -> "output_norm.weight";
      case "lm_head.weight" -> "output.weight";
      default -> inLayer(rest, architecture);
    };
  }

  private static @Nullable String inLayer(String name, HfArchitecture architecture) {
    Matcher layer = LAYER.matcher(name);
    if (!layer.matches()) {
      return null;
    }
    String part = part(layer.group(2), architecture);
    return part == null ? null : "blk." + layer.group(1) + "." + part + "." + layer.group(3);
  }

  private static @Nullable String part(String part, HfArchitecture architecture) {
    Matcher expert = EXPERT.matcher(part);
    if (expert.matches()) {
      return "ffn_" + expert.group(2) + "." + expert.group(1);
    }
    Matcher sparse = SPARSE_EXPERT.matcher(part);
    if (sparse.matches()) {
      return "ffn_" + W.get(Integer.parseInt(sparse.group(2)) - 1) + "." + sparse.group(1);
    }
    return switch (part) {
      case "input_layernorm" -> "attn_norm";
      case "post_attention_layernorm" ->
          architecture.normsAfter() ? "post_attention_norm" : "ffn_norm";
      case "pre_feedforward_layernorm" -> "ffn_norm";
      case "post_feedforward_layernorm" -> "post_ffw_norm";
      case "self_attn.q_proj" -> "attn_q";
      case "self_attn.k_proj" -> "attn_k";
      case "self_attn.v_proj" -> "attn_v";
      case "self_attn.qkv_proj" -> "attn_qkv";
      case "self_attn.o_proj" -> "attn_output";
      case "self_attn.q_norm" -> "attn_q_norm";
      case "self_attn.k_norm" -> "attn_k_norm";
      case "mlp.gate_proj" -> "ffn_gate";
      case "mlp.up_proj", "mlp.gate_up_proj" -> "ffn_up";
      case "mlp.down_proj" -> "ffn_down";
      case "mlp.gate", "block_sparse_moe.gate" -> "ffn_gate_inp";
      default -> null;
    };
  }
}
