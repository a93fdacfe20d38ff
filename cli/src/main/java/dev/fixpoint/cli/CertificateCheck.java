package dev.fixpoint.cli;

import dev.fixpoint.analysis.Certificate;
import dev.fixpoint.analysis.Certificates;
import dev.fixpoint.analysis.ClipCount;
import dev.fixpoint.analysis.GraphHash;
import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds the outputs of a model to the certificates that its file carries for another. Samples
 * outside the certified box are counted and not judged; where a quantizer clips, only the bound
 * that holds in any case counts.
 */
final class CertificateCheck {
  private final Graph source;
  private final Graph compiled;
  private final Graph lowered;
  private final Evaluator evaluator;
  private final Optional<Certificates> certificates;
  private final boolean fits;
  private final ClipCount clips;
  private final Map<String, Line> lines = new LinkedHashMap<>();
  private int samples;
  private int outside;
  private int clipped;

  /** What was seen at one output, against what was proved. */
  private static final class Line {
    private double unclipped;
    private double unclippedRatio;
    private double any;
    private double anyRatio;
  }

  /**
   * A check of a compiled model against its source.
   *
   * @param lowered what really runs
   */
  CertificateCheck(Graph source, Graph compiled, Graph lowered, Evaluator evaluator) {
    this.source = source;
    this.compiled = compiled;
    this.lowered = lowered;
    this.evaluator = evaluator;
    this.certificates = Certificates.of(compiled);
    this.fits = certificates.filter(c -> c.source().equals(GraphHash.of(source))).isPresent();
    this.clips = new ClipCount(compiled);
  }

  /** Looks at the outputs of both for a batch. */
  void add(Map<String, Tensor> batch, List<Tensor> left, List<Tensor> right) {
    if (!fits) {
      return;
    }
    int count = samplesOf(batch);
    boolean[] inBox = inBox(batch, count);
    clips.start(count);
    evaluator.prepare(compiled, clips.taps()).evaluate(batch, clips::see);
    evaluator.prepare(source, clips.tapsOf(source)).evaluate(batch, clips::see);
    for (int s = 0; s < count; s++) {
      outside += inBox[s] ? 0 : 1;
      clipped += clips.isClipped(s) ? 1 : 0;
    }
    samples += count;
    if (look(left, right, inBox, false) > 1) {
      // Machines round float differently from the semantics that was certified: ask those.
      Evaluator reference = new ReferenceInterpreter();
      look(
          List.copyOf(reference.prepare(source).evaluate(batch).values()),
          List.copyOf(reference.prepare(lowered).evaluate(batch).values()),
          inBox,
          true);
    } else {
      look(left, right, inBox, true);
    }
  }

  private static int samplesOf(Map<String, Tensor> batch) {
    return batch.values().stream()
        .filter(tensor -> tensor.shape().rank() > 0)
        .mapToInt(tensor -> tensor.shape().intSize(0))
        .max()
        .orElse(1);
  }

  private boolean[] inBox(Map<String, Tensor> batch, int count) {
    boolean[] inside = new boolean[count];
    Arrays.fill(inside, true);
    Map<String, Range> box = certificates.map(Certificates::box).orElse(Map.of());
    batch.forEach(
        (name, tensor) -> {
          Range range = box.get(name);
          if (range == null || !tensor.elementType().isNumeric()) {
            return;
          }
          double[] values = tensor.toDoubles();
          for (int i = 0; i < values.length; i++) {
            inside[sample(i, values.length, tensor.shape(), count)] &=
                range.hull().contains(values[i]);
          }
        });
    return inside;
  }

  private static int sample(int flat, int length, Shape shape, int count) {
    boolean bySample = shape.rank() > 0 && shape.intSize(0) == count;
    return bySample ? (int) ((long) flat * count / length) : 0;
  }

  /** The largest observed difference over its bound; remembered only on request. */
  private double look(List<Tensor> left, List<Tensor> right, boolean[] inBox, boolean remember) {
    double worst = 0;
    for (int o = 0; o < source.outputs().size(); o++) {
      String name = source.outputs().get(o).name();
      Certificate certificate = certificates.map(c -> c.outputs().get(name)).orElse(null);
      Tensor a = left.get(o);
      Tensor b = right.get(o);
      if (certificate == null || !a.elementType().isFloat()) {
        continue;
      }
      Line line = lines.computeIfAbsent(name, _ -> new Line());
      double[] expected = a.toDoubles();
      double[] actual = b.toDoubles();
      for (int i = 0; i < expected.length; i++) {
        int sample = sample(i, expected.length, a.shape(), inBox.length);
        if (!inBox[sample] || expected[i] == actual[i]) {
          continue;
        }
        double difference = Math.abs(expected[i] - actual[i]);
        double any = ratio(difference, certificate.unconditional(), i, a.shape());
        double free =
            clips.isClipped(sample) ? 0 : ratio(difference, certificate.unclipped(), i, a.shape());
        worst = Math.max(worst, Math.max(any, free));
        if (remember) {
          line.any = Math.max(line.any, difference);
          line.anyRatio = Math.max(line.anyRatio, any);
          line.unclipped = Math.max(line.unclipped, clips.isClipped(sample) ? 0 : difference);
          line.unclippedRatio = Math.max(line.unclippedRatio, free);
        }
      }
    }
    return worst;
  }

  private static double ratio(double difference, ErrorBound bound, int flat, Shape shape) {
    boolean sameShape = !(bound instanceof ErrorBound.PerChannel p) || p.axis() < shape.rank();
    double allowed = sameShape ? bound.at(flat, shape) : bound.max();
    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference / allowed;
  }

  /** Whether nothing was seen that had been proved impossible. */
  boolean holds() {
    return lines.values().stream().allMatch(l -> l.anyRatio <= 1 && l.unclippedRatio <= 1);
  }

  /** What to say to people; nothing where the model carries no certificates. */
  void print(Console console) {
    if (certificates.isEmpty()) {
      return;
    }
    console.line("");
    if (!fits) {
      console.line("The certificates that B carries are for another model than A: not checked.");
      return;
    }
    console.line(
        "certificates: "
            + (holds() ? "hold" : "EXCEEDED")
            + " ("
            + samples
            + " samples, "
            + outside
            + " outside the certified box, "
            + (clips.isCountable()
                ? clipped + " with clipping)"
                : "clipping not counted: integer operators saturate by themselves)"));
    Table table = new Table("lrrrr", "output", "unclipped", "certified", "any", "certified");
    lines.forEach(
        (name, line) -> {
          Certificate c = certificates.orElseThrow().outputs().get(name);
          table.row(
              name,
              Figures.small(line.unclipped),
              Figures.small(c == null ? 0 : c.unclipped().max()),
              Figures.small(line.any),
              Figures.small(c == null ? 0 : c.unconditional().max()));
        });
    table.print(console);
  }

  /** As JSON. */
  Map<String, Object> json() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put(
        "status",
        certificates.isEmpty() ? "none" : fits ? (holds() ? "held" : "exceeded") : "other_source");
    if (fits) {
      object.put("samples", samples);
      object.put("outside_box", outside);
      object.put("clipped", clipped);
      object.put("clipping_counted", clips.isCountable());
      List<Map<String, Object>> outputs = new ArrayList<>();
      lines.forEach((name, line) -> outputs.add(json(name, line)));
      object.put("outputs", outputs);
    }
    return object;
  }

  private Map<String, Object> json(String name, Line line) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("name", name);
    Certificate c = certificates.map(all -> all.outputs().get(name)).orElse(Certificate.EXACT);
    object.put("observed_unclipped", line.unclipped);
    put(object, "certified_unclipped", c.unclipped());
    object.put("observed", line.any);
    put(object, "certified", c.unconditional());
    return object;
  }

  /** A bound that does not exist is left out: JSON has no infinity. */
  private static void put(Map<String, Object> object, String key, ErrorBound bound) {
    if (bound.isBounded()) {
      object.put(key, bound.max());
    }
  }
}
