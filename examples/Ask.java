import dev.vtc.Generation;
import dev.vtc.GenerationOptions;
import dev.vtc.Model;
import dev.vtc.Session;
import dev.vtc.Token;
import java.nio.file.Path;

/**
 * Asks a model one question. With the jar that {@code ./vtc} has built:
 *
 * <pre>
 * java --enable-native-access=ALL-UNNAMED -cp vtc-app/target/vtc.jar examples/Ask.java MODEL.gguf "Why is the sky blue?"
 * </pre>
 */
final class Ask {
  public static void main(String[] args) throws Exception {
    try (Model model = Model.open(Path.of(args[0]));
        Session session = model.newSession()) {
      GenerationOptions options = GenerationOptions.defaults().withMaxTokens(200);
      try (Generation answer = session.chat(args[1], options)) {
        for (Token token : answer) {
          System.out.print(token.text());
        }
        System.out.printf("%n%.1f tokens per second%n", answer.stats().decodeTokensPerSecond());
      }
    }
  }
}
