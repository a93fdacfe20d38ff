package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts n-grams of a pool in sequences of words or numbers, also with up to a number of elements
 * skipped between neighbours, each weighted: ONNX TfIdfVectorizer, opset 9.
 */
public final class TfIdfVectorizer implements Selection {
  /** Longest n-gram. */
  public static final Attribute<Long> MAX_GRAM_LENGTH =
      Attribute.ofInt("max_gram_length").required();

  /** Most elements that are skipped between two of an n-gram. */
  public static final Attribute<Long> MAX_SKIP_COUNT = Attribute.ofInt("max_skip_count").required();

  /** Shortest n-gram. */
  public static final Attribute<Long> MIN_GRAM_LENGTH =
      Attribute.ofInt("min_gram_length").required();

  /** {@code TF} for counts, {@code IDF} for weights of what occurs, {@code TFIDF} for products. */
  public static final Attribute<String> MODE = Attribute.ofString("mode").required();

  /** Where the n-grams of each length start in the pool. */
  public static final Attribute<List<Long>> NGRAM_COUNTS =
      Attribute.ofInts("ngram_counts").required();

  /** The output column of each n-gram of the pool. */
  public static final Attribute<List<Long>> NGRAM_INDEXES =
      Attribute.ofInts("ngram_indexes").required();

  /** The pool, for numbers. */
  public static final Attribute<List<Long>> POOL_INT64S = Attribute.ofInts("pool_int64s");

  /** The pool, for words. */
  public static final Attribute<List<String>> POOL_STRINGS = Attribute.ofStrings("pool_strings");

  /** The weight of each n-gram of the pool; 1 where absent. */
  public static final Attribute<List<Float>> WEIGHTS = Attribute.ofFloats("weights");

  /** {@code Y = TfIdfVectorizer(X)}; X is [elements] or [sequences, elements]. */
  public static final OpSchema SCHEMA =
      OpSchema.of("TfIdfVectorizer")
          .versions(9)
          .input("X", Set.of(ElementType.STRING, ElementType.INT32, ElementType.INT64))
          .output("Y", Set.of(ElementType.FLOAT))
          .attributes(
              MAX_GRAM_LENGTH,
              MAX_SKIP_COUNT,
              MIN_GRAM_LENGTH,
              MODE,
              NGRAM_COUNTS,
              NGRAM_INDEXES,
              POOL_INT64S,
              POOL_STRINGS,
              WEIGHTS)
          .doc("Counts n-grams of a pool.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape shape = call.type(0).shape();
    if (shape.isRanked() && (shape.rank() < 1 || shape.rank() > 2)) {
      throw new IllegalArgumentException("X should have one axis or two, but is " + shape);
    }
    long columns = call.get(NGRAM_INDEXES).stream().mapToLong(Long::longValue).max().orElse(-1);
    Dimension width = Dimension.of(columns + 1);
    return List.of(
        new TensorType(
            ElementType.FLOAT, shape.isRanked() ? shape.with(-1, width) : Shape.UNRANKED));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    requireLengths(call);
    Tensor x = call.tensor(0);
    Shape shape = inferTypes(call).getFirst().shape();
    int columns = shape.intSize(-1);
    int length = x.shape().intSize(-1);
    Map<List<Object>, Integer> pool = pool(call);
    List<Object> elements = elements(x);
    double[] counts = new double[Math.toIntExact(shape.elementCount())];
    for (int row = 0; row < (columns == 0 ? 0 : counts.length / columns); row++) {
      List<Object> sequence = elements.subList(row * length, (row + 1) * length);
      for (int column : found(call, sequence, pool)) {
        counts[row * columns + column]++;
      }
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] = weighted(call, counts[i], i % columns);
    }
    return List.of(Tensor.ofDoubles(ElementType.FLOAT, shape, counts));
  }

  private static void requireLengths(OpCall call) {
    long shortest = call.get(MIN_GRAM_LENGTH);
    if (shortest < 1 || call.get(MAX_GRAM_LENGTH) < shortest || call.get(MAX_SKIP_COUNT) < 0) {
      throw new IllegalArgumentException("n-grams have at least one element and skip none or more");
    }
    if (call.get(NGRAM_INDEXES).stream().anyMatch(column -> column < 0)) {
      throw new IllegalArgumentException("ngram_indexes should not be negative");
    }
  }

  private static List<Object> elements(Tensor tensor) {
    if (tensor.elementType() == ElementType.STRING) {
      return List.copyOf(tensor.strings());
    }
    List<Object> elements = new ArrayList<>();
    for (long value : tensor.toLongs()) {
      elements.add(value);
    }
    return elements;
  }

  /** The n-grams of the pool with their columns. */
  private static Map<List<Object>, Integer> pool(OpCall call) {
    List<Long> numbers = call.attributes().find(POOL_INT64S);
    List<?> elements = numbers == null ? call.get(POOL_STRINGS) : numbers;
    List<Long> starts = call.get(NGRAM_COUNTS);
    List<Long> indexes = call.get(NGRAM_INDEXES);
    Map<List<Object>, Integer> pool = new HashMap<>();
    int next = 0;
    for (int n = 1; n <= starts.size(); n++) {
      int start = Math.toIntExact(starts.get(n - 1));
      int end = n < starts.size() ? Math.toIntExact(starts.get(n)) : elements.size();
      if (start < 0 || end > elements.size() || next + (end - start) / n > indexes.size()) {
        throw new IllegalArgumentException("ngram_counts, ngram_indexes and pool do not fit");
      }
      for (int i = start; i + n <= end; i += n) {
        pool.put(List.copyOf(elements.subList(i, i + n)), Math.toIntExact(indexes.get(next++)));
      }
    }
    return pool;
  }

  /** The columns of all n-grams of the pool that occur, once for each occurrence. */
  private static List<Integer> found(
      OpCall call, List<Object> sequence, Map<List<Object>, Integer> pool) {
    List<Integer> found = new ArrayList<>();
    int longest = call.attributes().getInt(MAX_GRAM_LENGTH);
    for (int n = call.attributes().getInt(MIN_GRAM_LENGTH); n <= longest; n++) {
      // A single element has no neighbours to skip to.
      int skips = n == 1 ? 0 : call.attributes().getInt(MAX_SKIP_COUNT);
      for (int step = 1; step <= skips + 1; step++) {
        for (int start = 0; start + (n - 1) * step < sequence.size(); start++) {
          Integer column = pool.get(gram(sequence, start, step, n));
          if (column != null) {
            found.add(column);
          }
        }
      }
    }
    return found;
  }

  private static List<Object> gram(List<Object> sequence, int start, int step, int n) {
    List<Object> gram = new ArrayList<>(n);
    for (int k = 0; k < n; k++) {
      gram.add(sequence.get(start + k * step));
    }
    return gram;
  }

  private static double weighted(OpCall call, double count, int column) {
    List<Float> weights = call.attributes().find(WEIGHTS);
    int entry = call.get(NGRAM_INDEXES).indexOf((long) column);
    double weight = weights == null || entry < 0 ? 1 : weights.get(entry);
    return switch (call.get(MODE)) {
      case "TF" -> count;
      case "IDF" -> count > 0 ? weight : 0;
      case "TFIDF" -> count * weight;
      default -> throw new IllegalArgumentException("there is no mode '" + call.get(MODE) + "'");
    };
  }

  @Override
  public Interval image(OpCall call, int output) {
    return Interval.ALL;
  }
}
