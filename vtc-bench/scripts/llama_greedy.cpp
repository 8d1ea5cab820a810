// Greedy tokens of llama.cpp with the distance between its two best logits, as JSON: what
// GreedyTest compares with. Weights in F32, so that no quantized arithmetic of llama.cpp's is in it:
//
//   llama-quantize --allow-requantize SmolLM2-135M-Instruct.Q4_1.gguf f32.gguf F32
//   g++ -O2 -I llama.cpp/include -I llama.cpp/ggml/include llama_greedy.cpp -lllama -lggml -lggml-base
//   ./a.out f32.gguf 32 "The capital of France is" ... > llama-greedy.json
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "llama.h"

int main(int argc, char** argv) {
  if (argc < 4) {
    fprintf(stderr, "usage: llama_greedy MODEL COUNT PROMPT...\n");
    return 2;
  }
  llama_log_set([](ggml_log_level, const char*, void*) {}, nullptr);
  llama_backend_init();
  llama_model_params m = llama_model_default_params();
  m.use_extra_bufts = false;  // AMX instructions trap in virtual machines that do not permit tiles
  llama_model* model = llama_model_load_from_file(argv[1], m);
  if (!model) return 1;
  const llama_vocab* vocab = llama_model_get_vocab(model);
  const int n_vocab = llama_vocab_n_tokens(vocab);
  const int count = atoi(argv[2]);
  printf("[\n");
  for (int a = 3; a < argc; a++) {
    llama_context_params p = llama_context_default_params();
    p.n_ctx = 512;
    p.n_threads = p.n_threads_batch = 2;
    llama_context* ctx = llama_init_from_model(model, p);
    std::vector<llama_token> ids(512);
    const bool bos = llama_vocab_get_add_bos(vocab);
    const int n = llama_tokenize(vocab, argv[a], (int)strlen(argv[a]), ids.data(), 512, bos, false);
    ids.resize(n);
    printf("  {\"prompt\": [");
    for (int i = 0; i < n; i++) printf("%s%d", i ? ", " : "", ids[i]);
    printf("],\n   \"ids\": [");
    std::vector<double> margins;
    llama_batch batch = llama_batch_get_one(ids.data(), n);
    llama_token best = 0;
    for (int k = 0; k < count; k++) {
      if (llama_decode(ctx, batch)) return 1;
      const float* l = llama_get_logits_ith(ctx, -1);
      best = 0;
      for (int i = 1; i < n_vocab; i++)
        if (l[i] > l[best]) best = i;
      float second = -1e30f;
      for (int i = 0; i < n_vocab; i++)
        if (i != best && l[i] > second) second = l[i];
      printf("%s%d", k ? ", " : "", best);
      margins.push_back(l[best] - second);
      batch = llama_batch_get_one(&best, 1);
    }
    printf("],\n   \"margins\": [");
    for (int k = 0; k < count; k++) printf("%s%.3f", k ? ", " : "", margins[k]);
    printf("]}%s\n", a + 1 < argc ? "," : "");
    llama_free(ctx);
  }
  printf("]\n");
  return 0;
}
