package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Drops stop words from a list of strings, and writes the others in lower or upper case. A list of
 * which nothing is left becomes one empty string.
 */
public final class StringNormalizer implements TextFunction {
  /** {@code NONE}, {@code LOWER} or {@code UPPER}. */
  public static final Attribute<String> CASE_CHANGE_ACTION =
      Attribute.ofString("case_change_action", "NONE");

  /** Whether stop words have to agree in case. */
  public static final Attribute<Long> IS_CASE_SENSITIVE = Attribute.ofInt("is_case_sensitive", 0);

  /** Language by whose rules case changes, such as {@code en_US}. */
  public static final Attribute<String> LOCALE = Attribute.ofString("locale");

  /** The words to drop. */
  public static final Attribute<List<String>> STOPWORDS = Attribute.ofStrings("stopwords");

  /** {@code Y = StringNormalizer(X)}; X is [words] or [1, words]. */
  public static final OpSchema SCHEMA =
      OpSchema.of("StringNormalizer")
          .versions(10)
          .input("X", TEXT)
          .output("Y", TEXT)
          .attributes(CASE_CHANGE_ACTION, IS_CASE_SENSITIVE, LOCALE, STOPWORDS)
          .doc("Drops stop words and changes case.");

  private static final Dimension ONE = Dimension.of(1);

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType x = call.type(0);
    if (!x.shape().isRanked()) {
      return List.of(x);
    }
    int rank = x.shape().rank();
    if (rank < 1 || rank > 2 || (rank == 2 && !x.shape().dimension(0).isCompatibleWith(ONE))) {
      throw new IllegalArgumentException("X should be [words] or [1, words], not " + x.shape());
    }
    return List.of(x.withShape(x.shape().with(-1, Dimension.UNKNOWN)));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Locale locale = locale(call.attributes().find(LOCALE));
    boolean isSensitive = call.attributes().isSet(IS_CASE_SENSITIVE);
    List<String> given = call.attributes().find(STOPWORDS);
    List<String> stopWords = given == null ? List.of() : given;
    List<String> folded = stopWords.stream().map(word -> word.toLowerCase(locale)).toList();
    List<String> kept =
        call.tensor(0).strings().stream()
            .filter(
                word ->
                    isSensitive
                        ? !stopWords.contains(word)
                        : !folded.contains(word.toLowerCase(locale)))
            .map(word -> changed(call, word, locale))
            .toList();
    List<String> words = kept.isEmpty() ? List.of("") : kept;
    Shape shape = call.tensor(0).shape().with(-1, Dimension.of(words.size()));
    return List.of(Tensor.ofStrings(shape, words));
  }

  private static Locale locale(@Nullable String name) {
    return name == null ? Locale.ROOT : Locale.forLanguageTag(name.replace('_', '-'));
  }

  private static String changed(OpCall call, String word, Locale locale) {
    return switch (call.get(CASE_CHANGE_ACTION)) {
      case "NONE" -> word;
      case "LOWER" -> word.toLowerCase(locale);
      case "UPPER" -> word.toUpperCase(locale);
      default ->
          throw new IllegalArgumentException(
              "there is no case change '" + call.get(CASE_CHANGE_ACTION) + "'");
    };
  }
}
