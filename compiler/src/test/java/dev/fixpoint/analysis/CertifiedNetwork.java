package dev.fixpoint.analysis;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.Compiler;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A quantized network held to its certificates on inputs that are searched for. */
final class CertifiedNetwork {
  private static final int SAMPLES = 4;

  private final Graph source;
  private final CompiledModel compiled;
  private final Graph lowered;
  private final ErrorReport report;
  private final ClipCount clips;
  private final Map<String, ErrorReport.Line> lines = new LinkedHashMap<>();
  private double worst;
  private double worstUnclipped;
  private int judged;

  private CertifiedNetwork(Graph source, CompiledModel compiled, Graph lowered) {
    this.source = source;
    this.compiled = compiled;
    this.lowered = lowered;
    this.report = compiled.errors().orElseThrow();
    this.clips = new ClipCount(compiled.graph());
    report.lines().forEach(line -> lines.put(line.tensor(), line));
  }

  /** Quantizes a network whose input lies in [-1, 1], on a few random samples. */
  static CertifiedNetwork of(Graph source, QuantizationWay way, Random random) {
    List<Map<String, Tensor>> batches = new ArrayList<>();
    while (batches.size() < SAMPLES) {
      Tensor x = RandomNetwork.input(random);
      if (RandomNetwork.isFinite(source, x)) {
        batches.add(Map.of("x", x));
      }
    }
    CompiledModel compiled = way.quantize(source, batches);
    Compiler compiler = new Compiler(QuantizationWay.options());
    return new CertifiedNetwork(source, compiled, compiler.lower(compiled.graph()).graph());
  }

  /** The largest observed difference over its bound, at an output, in any case. */
  double worst() {
    return worst;
  }

  /** The same while no quantizer clips. */
  double worstUnclipped() {
    return worstUnclipped;
  }

  /** Number of tensors with a bound that were compared. */
  int judged() {
    return judged;
  }

  /** What was proved. */
  ErrorReport report() {
    return report;
  }

  /**
   * Tries corners of the box, and from the worst of them on flips inputs as long as the difference
   * grows.
   *
   * @return the first tensor that was further off than proved, if there is one
   */
  Optional<String> search(Random random, int inputs) {
    float[] best = new float[RandomNetwork.INPUTS];
    double reached = -1;
    for (int i = 0; i < inputs; i++) {
      float[] next = i < inputs / 3 || reached < 0 ? corner(random) : flipped(best, random);
      Tensor x = Tensor.ofFloats(Shape.of(1, next.length), next);
      Optional<String> violation = check(x);
      if (violation.isPresent()) {
        return violation;
      }
      double here = difference(x);
      if (here > reached) {
        reached = here;
        best = next;
      }
    }
    return Optional.empty();
  }

  private static float[] corner(Random random) {
    float[] values = new float[RandomNetwork.INPUTS];
    boolean inside = random.nextInt(4) == 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = inside ? 2 * random.nextFloat() - 1 : random.nextBoolean() ? 1 : -1;
    }
    return values;
  }

  private static float[] flipped(float[] best, Random random) {
    float[] next = best.clone();
    for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
      int at = random.nextInt(next.length);
      next[at] = random.nextBoolean() ? -next[at] : 2 * random.nextFloat() - 1;
    }
    return next;
  }

  private static Map<String, Tensor> values(Graph graph, Set<String> names, Tensor x) {
    Set<Value> taps = new LinkedHashSet<>();
    graph.values().stream().filter(value -> names.contains(value.name())).forEach(taps::add);
    Map<String, Tensor> seen = new HashMap<>();
    seen.putAll(
        new ReferenceInterpreter()
            .prepare(graph, taps)
            .evaluate(Map.of("x", x), (value, tensor) -> seen.put(value.name(), tensor)));
    return seen;
  }

  private double difference(Tensor x) {
    Tensor a =
        new ReferenceInterpreter()
            .prepare(source)
            .evaluate(Map.of("x", x))
            .values()
            .iterator()
            .next();
    Tensor b =
        new ReferenceInterpreter()
            .prepare(lowered)
            .evaluate(Map.of("x", x))
            .values()
            .iterator()
            .next();
    double largest = 0;
    for (int i = 0; i < a.elementCount(); i++) {
      largest = Math.max(largest, Math.abs(a.doubleAt(i) - b.doubleAt(i)));
    }
    return largest;
  }

  private Optional<String> check(Tensor x) {
    clips.start(1);
    new ReferenceInterpreter()
        .prepare(compiled.graph(), clips.taps())
        .evaluate(Map.of("x", x), clips::see);
    new ReferenceInterpreter()
        .prepare(source, clips.tapsOf(source))
        .evaluate(Map.of("x", x), clips::see);
    Map<String, Tensor> expected = values(source, lines.keySet(), x);
    Map<String, Tensor> actual = values(compiled.graph(), lines.keySet(), x);
    for (ErrorReport.Line line : report.lines()) {
      Tensor a = expected.get(line.tensor());
      Tensor b = actual.get(line.tensor());
      if (a != null && b != null) {
        Optional<String> violation = judge(line.tensor(), line.composed(), a, b, false);
        if (violation.isPresent()) {
          return violation;
        }
      }
    }
    String output = source.outputs().getFirst().name();
    Tensor integer = values(lowered, Set.of(), x).values().iterator().next();
    Tensor a = values(source, Set.of(), x).values().iterator().next();
    return judge(output, report.outputs().get(output), a, integer, true);
  }

  private Optional<String> judge(
      String name, Certificate certificate, Tensor a, Tensor b, boolean isOutput) {
    boolean unclipped = clips.elements() == 0;
    double any = ratio(certificate.unconditional(), a, b);
    double free = unclipped ? ratio(certificate.unclipped(), a, b) : 0;
    if (isOutput) {
      worst = Math.max(worst, any);
      worstUnclipped = Math.max(worstUnclipped, free);
    }
    if (any > 1 || free > 1) {
      return Optional.of(
          "'%s' is off by %s of its bound in any case, %s while nothing clips"
              .formatted(name, any, free));
    }
    return Optional.empty();
  }

  private double ratio(ErrorBound bound, Tensor a, Tensor b) {
    if (!bound.isBounded()) {
      return 0;
    }
    judged++;
    return bound.check(a, b).ratio();
  }
}
