/*
 * A baseline for llama2.c checkpoints: a Llama transformer in plain C and FP32, one loop per operation, the
 * arithmetic left to the compiler. It reads the same checkpoint as VTC and generates greedily from token 1.
 *
 *   gcc -Ofast -march=native [-fopenmp] -o llama2_baseline llama2_baseline.c -lm
 *   OMP_NUM_THREADS=2 ./llama2_baseline stories110M.bin 64
 *
 * Prints one line of JSON with tokens per second, the first steps left out, and the ids of the tokens.
 */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { WARM_UP = 4 };

typedef struct {
  int dim, hidden, layers, heads, kv_heads, vocab, context;
} Header;

static void *zeros(size_t n) {
  void *p = calloc(n, sizeof(float));
  if (!p) {
    fprintf(stderr, "out of memory\n");
    exit(1);
  }
  return p;
}

static void norm(float *out, const float *x, const float *weight, int n) {
  float squares = 0;
  for (int i = 0; i < n; i++) squares += x[i] * x[i];
  float scale = 1 / sqrtf(squares / n + 1e-5f);
  for (int i = 0; i < n; i++) out[i] = x[i] * scale * weight[i];
}

/* out[rows] = w[rows][columns] x[columns] */
static void product(float *out, const float *w, const float *x, int rows, int columns) {
#pragma omp parallel for
  for (int r = 0; r < rows; r++) {
    const float *row = w + (size_t)r * columns;
    float sum = 0;
    for (int c = 0; c < columns; c++) sum += row[c] * x[c];
    out[r] = sum;
  }
}

static void rotate(float *x, int n, int head, int position) {
  for (int i = 0; i < n; i += 2) {
    float angle = position * powf(10000, -(float)(i % head) / head);
    float c = cosf(angle), s = sinf(angle), a = x[i], b = x[i + 1];
    x[i] = a * c - b * s;
    x[i + 1] = a * s + b * c;
  }
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: llama2_baseline CHECKPOINT TOKENS\n");
    return 2;
  }
  int fd = open(argv[1], O_RDONLY);
  struct stat st;
  if (fd < 0 || fstat(fd, &st)) {
    perror(argv[1]);
    return 1;
  }
  const char *file = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (file == MAP_FAILED) {
    perror(argv[1]);
    return 1;
  }
  Header h;
  memcpy(&h, file, sizeof h);
  int shared = h.vocab > 0, steps = atoi(argv[2]);
  h.vocab = abs(h.vocab);
  if (steps <= WARM_UP || steps > h.context) {
    fprintf(stderr, "between %d and %d tokens can be generated\n", WARM_UP + 1, h.context);
    return 2;
  }
  size_t dim = h.dim, hidden = h.hidden, layers = h.layers, head = dim / h.heads, kv = head * h.kv_heads;

  const float *p = (const float *)(file + sizeof h);
  const float *embedding = p, *attention_norm = p += h.vocab * dim;
  const float *wq = p += layers * dim, *wk = p += layers * dim * dim, *wv = p += layers * kv * dim;
  const float *wo = p += layers * kv * dim, *ffn_norm = p += layers * dim * dim;
  const float *w1 = p += layers * dim, *w2 = p += layers * hidden * dim, *w3 = p += layers * hidden * dim;
  const float *final_norm = p += layers * hidden * dim;
  p += dim + (size_t)h.context * head;
  const float *classifier = shared ? embedding : p;

  float *x = zeros(dim), *y = zeros(dim), *q = zeros(dim), *o = zeros(dim), *gate = zeros(hidden);
  float *up = zeros(hidden), *logits = zeros(h.vocab), *scores = zeros((size_t)h.heads * h.context);
  float *keys = zeros(layers * h.context * kv), *values = zeros(layers * h.context * kv);
  int *ids = zeros(steps);
  int token = 1;
  double start = now();
  for (int position = 0; position < steps; position++) {
    if (position == WARM_UP) start = now();
    memcpy(x, embedding + token * dim, dim * sizeof(float));
    for (size_t l = 0; l < layers; l++) {
      float *layer_keys = keys + l * h.context * kv, *layer_values = values + l * h.context * kv;
      float *k = layer_keys + position * kv, *v = layer_values + position * kv;
      norm(y, x, attention_norm + l * dim, dim);
      product(q, wq + l * dim * dim, y, dim, dim);
      product(k, wk + l * kv * dim, y, kv, dim);
      product(v, wv + l * kv * dim, y, kv, dim);
      rotate(q, dim, head, position);
      rotate(k, kv, head, position);
#pragma omp parallel for
      for (int a = 0; a < h.heads; a++) {
        const float *qa = q + a * head;
        size_t at = a / (h.heads / h.kv_heads) * head;
        float *score = scores + (size_t)a * h.context, most = -INFINITY, sum = 0;
        for (int t = 0; t <= position; t++) {
          float dot = 0;
          for (size_t i = 0; i < head; i++) dot += qa[i] * layer_keys[t * kv + at + i];
          score[t] = dot / sqrtf(head);
          most = fmaxf(most, score[t]);
        }
        for (int t = 0; t <= position; t++) sum += score[t] = expf(score[t] - most);
        float *out = o + a * head;
        memset(out, 0, head * sizeof(float));
        for (int t = 0; t <= position; t++)
          for (size_t i = 0; i < head; i++) out[i] += score[t] / sum * layer_values[t * kv + at + i];
      }
      product(y, wo + l * dim * dim, o, dim, dim);
      for (size_t i = 0; i < dim; i++) x[i] += y[i];
      norm(y, x, ffn_norm + l * dim, dim);
      product(gate, w1 + l * hidden * dim, y, hidden, dim);
      product(up, w3 + l * hidden * dim, y, hidden, dim);
      for (size_t i = 0; i < hidden; i++) gate[i] = gate[i] / (1 + expf(-gate[i])) * up[i];
      product(y, w2 + l * dim * hidden, gate, dim, hidden);
      for (size_t i = 0; i < dim; i++) x[i] += y[i];
    }
    norm(x, x, final_norm, dim);
    product(logits, classifier, x, h.vocab, dim);
    token = 0;
    for (int i = 1; i < h.vocab; i++)
      if (logits[i] > logits[token]) token = i;
    ids[position] = token;
  }
  printf("{\"tokens_per_s\": %.2f, \"ids\": [", (steps - WARM_UP) / (now() - start));
  for (int i = 0; i < steps; i++) printf("%s%d", i ? ", " : "", ids[i]);
  puts("]}");
  return 0;
}
