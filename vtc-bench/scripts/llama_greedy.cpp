// Greedy tokens of llama.cpp with the distance between its two best logits, as JSON: what
// GreedyTest compares with. Weights in F32, so that no quantized arithmetic of llama.cpp's is in it:
//
//   llama-quantize --allow-requantize SmolLM2-135M-Instruct.Q4_1.gguf f32.gguf F32
//   g++ -O2 -I llama.cpp/include -I llama.cpp/ggml/include llama_greedy.cpp -lllama -lggml -lggml-base
//   ./a.out f32.gguf 32 "The capital of France is" ... > llama-greedy.json
//
// A prompt may also be token ids behind a '#': "#2,818,5279". With -o FILE before the prompts, all logits of each
// prompt's first step are written there, one row of f32 after the other.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "llama.h"

// The tokens of a prompt, at most 512.
static std::vector<llama_token> tokens(const llama_vocab* vocab, const char* prompt) {
  std::vector<llama_token> ids;
  if (*prompt == '#') {
    for (const char* at = prompt; at && ids.size() < 512; at = strchr(at, ',')) ids.push_back(atoi(++at));
    return ids;
  }
  ids.resize(512);
  const bool bos = llama_vocab_get_add_bos(vocab);
  ids.resize(llama_tokenize(vocab, prompt, (int)strlen(prompt), ids.data(), 512, bos, false));
  return ids;
}

int main(int argc, char** argv) {
  if (argc < 4) {
    fprintf(stderr, "usage: llama_greedy MODEL COUNT [-o LOGITS] PROMPT...\n");
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
  FILE* rows = nullptr;
  int first = 3;
  if (argc > 5 && !strcmp(argv[3], "-o")) {
    rows = fopen(argv[4], "wb");
    if (!rows) return 1;
    first = 5;
  }
  printf("[\n");
  for (int a = first; a < argc; a++) {
    llama_context_params p = llama_context_default_params();
    p.n_ctx = 512;
    p.n_threads = p.n_threads_batch = 1;  // more would wait for each other wherever other work runs
    llama_context* ctx = llama_init_from_model(model, p);
    const std::vector<llama_token> ids = tokens(vocab, argv[a]);
    const int n = (int)ids.size();
    printf("  {\"prompt\": [");
    for (int i = 0; i < n; i++) printf("%s%d", i ? ", " : "", ids[i]);
    printf("],\n   \"ids\": [");
    std::vector<double> margins;
    llama_batch batch = llama_batch_get_one(const_cast<llama_token*>(ids.data()), n);
    llama_token best = 0;
    for (int k = 0; k < count; k++) {
      if (llama_decode(ctx, batch)) return 1;
      const float* l = llama_get_logits_ith(ctx, -1);
      if (rows && k == 0 && fwrite(l, sizeof(float), n_vocab, rows) != (size_t)n_vocab) return 1;
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
  return rows && fclose(rows) ? 1 : 0;
}
