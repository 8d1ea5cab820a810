// Tokenizes records (u32 length, bytes) with llama.cpp; writes records (i32 count, i32 ids).
// usage: llama_ids MODEL.gguf IN OUT FLAGS    FLAGS: 1 add special tokens, 2 parse special tokens
// build: g++ -O1 -o llama_ids llama_ids.cpp -I$LLAMA/include -I$LLAMA/ggml/include -lllama -lggml -lggml-base
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "llama.h"

static void errors_only(ggml_log_level level, const char *text, void *) {
  if (level == GGML_LOG_LEVEL_ERROR) fputs(text, stderr);
}

int main(int argc, char **argv) {
  if (argc != 5) return 1;
  llama_log_set(errors_only, nullptr);
  llama_model_params params = llama_model_default_params();
  params.vocab_only = true;
  llama_model *model = llama_model_load_from_file(argv[1], params);
  if (!model) return 2;
  const llama_vocab *vocabulary = llama_model_get_vocab(model);
  const int flags = atoi(argv[4]);
  FILE *in = fopen(argv[2], "rb"), *out = fopen(argv[3], "wb");
  std::vector<char> text;
  std::vector<llama_token> ids;
  for (uint32_t n; fread(&n, 4, 1, in) == 1;) {
    text.resize(n);
    if (n && fread(text.data(), 1, n, in) != n) return 3;
    ids.resize(2 * n + 16);
    const int32_t count =
        llama_tokenize(vocabulary, text.data(), n, ids.data(), ids.size(), flags & 1, flags & 2);
    if (count < 0) return 4;
    fwrite(&count, 4, 1, out);
    fwrite(ids.data(), 4, count, out);
  }
  return fclose(out) != 0;
}
