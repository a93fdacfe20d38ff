package dev.fixpoint.analysis;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The certificates that a compiled file carries in its metadata: for which source they hold, in
 * which box, and the bound of each output.
 *
 * <p>Keys: {@code fixpoint.source} is the {@link GraphHash} of the source; {@code
 * fixpoint.box.INPUT} the two ends of the range of an input; {@code fixpoint.error.OUTPUT} and
 * {@code fixpoint.error_unclipped.OUTPUT} bounds, each {@code exact}, {@code uniform E}, {@code
 * channel AXIS E E …} or {@code unbounded REASON}. They are a promise to be checked, never a reason
 * to skip a check.
 *
 * @param source hash of the source graph
 * @param box the inputs for which the certificates hold, by input name
 * @param outputs certificate by output name
 */
public record Certificates(
    String source, Map<String, Range> box, Map<String, Certificate> outputs) {
  private static final String SOURCE = "fixpoint.source";
  private static final String BOX = "fixpoint.box.";
  private static final String UNCLIPPED = "fixpoint.error_unclipped.";
  private static final String ANY = "fixpoint.error.";
  private static final int MOST_CHANNELS = 4096;

  /** Keeps immutable copies. */
  public Certificates {
    box = Map.copyOf(box);
    outputs = Map.copyOf(outputs);
  }

  /** The certificates of a report. */
  public static Certificates of(Graph source, ErrorReport report) {
    return new Certificates(GraphHash.of(source), report.inputRanges(), report.outputs());
  }

  /** A graph that carries these certificates in place of others. */
  public Graph attachedTo(Graph graph) {
    Map<String, String> metadata = new LinkedHashMap<>(graph.info().metadata());
    metadata.keySet().removeIf(Certificates::isOurs);
    metadata.put(SOURCE, source);
    box.forEach(
        (name, range) -> metadata.put(BOX + name, range.hull().low() + " " + range.hull().high()));
    outputs.forEach(
        (name, certificate) -> {
          metadata.put(UNCLIPPED + name, text(certificate.unclipped()));
          metadata.put(ANY + name, text(certificate.unconditional()));
        });
    return graph.withInfo(graph.info().withMetadata(metadata));
  }

  private static boolean isOurs(String key) {
    return key.equals(SOURCE)
        || key.startsWith(BOX)
        || key.startsWith(UNCLIPPED)
        || key.startsWith(ANY);
  }

  private static String text(ErrorBound bound) {
    return switch (bound) {
      case ErrorBound.Exact _ -> "exact";
      case ErrorBound.Uniform uniform -> "uniform " + uniform.value();
      case ErrorBound.PerChannel channels when channels.values().length <= MOST_CHANNELS ->
          "channel "
              + channels.axis()
              + Arrays.stream(channels.values())
                  .mapToObj(value -> " " + value)
                  .collect(Collectors.joining());
      case ErrorBound.PerChannel _, ErrorBound.PerElement _ -> "uniform " + bound.max();
      case ErrorBound.Unbounded unbounded -> "unbounded " + unbounded.reason();
    };
  }

  /**
   * The certificates that a graph carries, if it carries any.
   *
   * @throws ModelException if they cannot be read
   */
  public static Optional<Certificates> of(Graph graph) {
    Map<String, String> metadata = graph.info().metadata();
    String source = metadata.get(SOURCE);
    if (source == null) {
      return Optional.empty();
    }
    Map<String, Range> box = new LinkedHashMap<>();
    Map<String, Certificate> outputs = new LinkedHashMap<>();
    metadata.forEach(
        (key, value) -> {
          if (key.startsWith(BOX)) {
            box.put(key.substring(BOX.length()), range(key, value));
          } else if (key.startsWith(ANY)) {
            String name = key.substring(ANY.length());
            String unclipped = metadata.get(UNCLIPPED + name);
            ErrorBound any = bound(key, value);
            outputs.put(
                name,
                new Certificate(unclipped == null ? any : bound(UNCLIPPED + name, unclipped), any));
          }
        });
    return Optional.of(new Certificates(source, box, outputs));
  }

  private static Range range(String key, String text) {
    List<Double> ends = numbers(key, text.split(" ", -1), 0);
    if (ends.size() != 2 || !(ends.getFirst() <= ends.getLast())) {
      throw new ModelException(unreadable(key, text));
    }
    return Range.of(new Interval(ends.getFirst(), ends.getLast()));
  }

  private static ErrorBound bound(String key, String text) {
    String[] words = text.split(" ", -1);
    try {
      return switch (words[0]) {
        case "exact" -> ErrorBound.EXACT;
        case "uniform" -> ErrorBound.uniform(numbers(key, words, 1).getFirst());
        case "channel" ->
            ErrorBound.perChannel(
                numbers(key, words, 1).getFirst().intValue(),
                numbers(key, words, 2).stream().mapToDouble(Double::doubleValue).toArray());
        case "unbounded" -> ErrorBound.unbounded(text.substring(words[0].length()).strip());
        default -> throw new ModelException(unreadable(key, text));
      };
    } catch (IllegalArgumentException | IndexOutOfBoundsException | NoSuchElementException e) {
      throw new ModelException(unreadable(key, text), e);
    }
  }

  private static List<Double> numbers(String key, String[] words, int from) {
    List<Double> numbers = new ArrayList<>();
    for (int i = from; i < words.length; i++) {
      try {
        numbers.add(Double.parseDouble(words[i]));
      } catch (NumberFormatException e) {
        throw new ModelException(unreadable(key, String.join(" ", words)), e);
      }
    }
    return numbers;
  }

  private static String unreadable(String key, String text) {
    return "metadata '" + key + "' is '" + text + "', which is no certificate; quantize again";
  }
}
