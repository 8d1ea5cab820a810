// Prints the logits of the last of the given token ids as llama.cpp computes them, one a line; keys
// and values are stored as f32.
// usage: llama_logits MODEL.gguf CONTEXT[:EXT:ATTN] ID...
// EXT and ATTN are YaRN's ext_factor and attn_factor, which llama.cpp reads from the files of few
// architectures only; negative for what the file says.
// build: g++ -O1 -o llama_logits llama_logits.cpp -I$LLAMA/include -I$LLAMA/ggml/include -lllama -lggml -lggml-base
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "llama.h"

static void errors_only(ggml_log_level level, const char *text, void *) {
  if (level == GGML_LOG_LEVEL_ERROR) fputs(text, stderr);
}

int main(int argc, char **argv) {
  if (argc < 4) return 1;
  llama_log_set(errors_only, nullptr);
  llama_model *model = llama_model_load_from_file(argv[1], llama_model_default_params());
  if (!model) return 2;
  std::vector<llama_token> ids;
  for (int i = 3; i < argc; i++) ids.push_back(atoi(argv[i]));
  llama_context_params params = llama_context_default_params();
  sscanf(argv[2], "%u:%f:%f", &params.n_ctx, &params.yarn_ext_factor, &params.yarn_attn_factor);
  params.n_threads = params.n_threads_batch = 1;
  params.type_k = params.type_v = GGML_TYPE_F32;
  params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
  llama_context *context = llama_init_from_model(model, params);
  if (!context) return 3;
  if (llama_decode(context, llama_batch_get_one(ids.data(), ids.size()))) return 4;
  const float *logits = llama_get_logits_ith(context, -1);
  const int n = llama_vocab_n_tokens(llama_model_get_vocab(model));
  for (int i = 0; i < n; i++) printf("%.9g\n", logits[i]);
  return 0;
}
