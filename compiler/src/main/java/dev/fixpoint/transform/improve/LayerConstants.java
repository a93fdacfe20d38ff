package dev.fixpoint.transform.improve;

import dev.fixpoint.bound.Accumulator;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Replacement;
import dev.fixpoint.rewrite.RewriteSite;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.improve.QuantizedLayer.IntegerBias;
import dev.fixpoint.transform.quantize.WeightedOperator;
import dev.fixpoint.transform.weights.WeightMatrix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The constants of a changed layer as integers.
 *
 * @param weights float weights
 * @param scales their scales
 * @param codes weights as multiples of their scale
 * @param reals what the weights mean
 * @param integerBias bias as int32, or null
 * @param biasScales float32 product of the input's and the weights' scales, or null
 * @param matrix form of the weights
 * @param magnitude largest multiple of its scale that an input can be
 * @param biasFits whether the bias fits int32
 */
record LayerConstants(
    Tensor weights,
    Tensor scales,
    double[] codes,
    double[] reals,
    @Nullable Tensor integerBias,
    @Nullable Tensor biasScales,
    WeightMatrix matrix,
    long magnitude,
    boolean biasFits) {

  /** The constants of a change in a graph. */
  static LayerConstants of(GraphView graph, LayerChange change) {
    QuantizedLayer layer = change.layer();
    WeightMatrix matrix = layer.matrix();
    double[] values = change.weights().toDoubles();
    double[] codes = new double[values.length];
    double[] reals = new double[values.length];
    for (int row = 0; row < matrix.rows(); row++) {
      float scale = (float) change.scales().doubleAt(change.scales().elementCount() == 1 ? 0 : row);
      QuantParams params = QuantParams.perTensor(layer.type(), scale, layer.zeroPoint(row));
      for (int k = 0; k < matrix.columns(); k++) {
        int at = matrix.position(row, k);
        long code = params.quantize(values[at], 0);
        codes[at] = code - layer.zeroPoint(row);
        reals[at] = params.dequantize(code, 0);
      }
    }
    @Nullable Tensor biasScales = null;
    @Nullable Tensor bias = null;
    boolean fits = true;
    double[] biases = change.biases();
    IntegerBias old = layer.bias();
    if (biases != null && old != null) {
      biasScales = biasScales(change, old);
      long[] integers = new long[biases.length];
      for (int c = 0; c < integers.length; c++) {
        double scale = biasScales.doubleAt(biasScales.elementCount() == 1 ? 0 : c);
        double rounded = Math.rint(biases[c] / scale);
        fits &= Math.abs(rounded) < Integer.MAX_VALUE;
        integers[c] = (long) Math.clamp(rounded, -Integer.MAX_VALUE, Integer.MAX_VALUE);
      }
      bias = Tensor.ofLongs(ElementType.INT32, old.integers().shape(), integers);
    }
    return new LayerConstants(
        change.weights(),
        change.scales(),
        codes,
        reals,
        bias,
        biasScales,
        matrix,
        magnitude(graph, layer),
        fits);
  }

  /** The input's scale times the weights', in float32 as the runtime multiplies. */
  private static Tensor biasScales(LayerChange change, IntegerBias old) {
    QuantizedLayer layer = change.layer();
    if (change.scales() == layer.scales()) {
      return old.scales();
    }
    float input = layer.inputScale();
    float[] scales = change.scales().toFloats();
    for (int i = 0; i < scales.length; i++) {
      scales[i] = input * scales[i];
    }
    Shape shape = scales.length == 1 ? old.scales().shape() : Shape.of(scales.length);
    return Tensor.ofFloats(shape, scales);
  }

  private static long magnitude(GraphView graph, QuantizedLayer layer) {
    Node producer = graph.producer(layer.node().input(0));
    Value zero =
        producer != null && producer.calls(QuantOps.FAKE_QUANT) ? producer.inputOrNull(2) : null;
    Tensor known = zero == null ? null : graph.constant(zero);
    if (known == null || known.elementCount() != 1) {
      return ElementType.UINT8.maxInteger();
    }
    ElementType type = known.elementType();
    long point = known.longAt(0);
    return Math.max(type.maxInteger() - point, point - type.minInteger());
  }

  /** Why these constants cannot be; empty where they can. */
  Optional<String> refusal() {
    for (int row = 0; row < matrix.rows(); row++) {
      long sum = 0;
      for (double code : matrix.row(codes, row)) {
        sum += (long) Math.abs(code);
      }
      long start = integerBias == null ? 0 : integerBias.longAt(row);
      if (!biasFits || !Accumulator.of(sum, magnitude, start).fitsInt32()) {
        return Optional.of("the accumulator of channel " + row + " would not fit 32 bits");
      }
    }
    return Optional.empty();
  }

  /** The bias of each channel in real units; null where there is none. */
  private double @Nullable [] realBias() {
    if (integerBias == null || biasScales == null) {
      return null;
    }
    double[] real = integerBias.toDoubles();
    for (int c = 0; c < real.length; c++) {
      real[c] *= biasScales.doubleAt(biasScales.elementCount() == 1 ? 0 : c);
    }
    return real;
  }

  /** The distance of the layer with these constants from what it was. */
  ErrorContract contract(GraphView graph, QuantizedLayer layer) {
    LayerConstants before = of(graph, LayerChange.of(layer));
    return ErrorContract.custom(
        "quantization",
        site -> ErrorContract.quantization().bound(withConstants(site, layer.node(), before)));
  }

  /** The site as if the layer read what its constants mean, as float32 constants. */
  private RewriteSite withConstants(RewriteSite site, Node node, LayerConstants before) {
    Map<Value, Tensor> constants = new LinkedHashMap<>();
    Map<Value, ErrorBound> errors = new LinkedHashMap<>();
    List<@Nullable Value> inputs = new ArrayList<>(node.inputs());
    Value weight = new Value("weights");
    inputs.set(WeightedOperator.WEIGHTS, weight);
    constants.put(weight, Tensor.ofDoubles(ElementType.FLOAT, matrix.shape(), reals));
    errors.put(weight, distance(before.reals, reals));
    double[] bias = realBias();
    double[] old = before.realBias();
    if (bias != null && old != null && integerBias != null) {
      Value value = new Value("bias");
      Tensor stored = Tensor.ofDoubles(ElementType.FLOAT, integerBias.shape(), bias);
      inputs.set(WeightedOperator.BIAS, value);
      constants.put(value, stored);
      errors.put(value, distance(old, stored.toDoubles()));
    }
    Replacement replacement =
        new Replacement(List.of(node.withInputs(inputs)), constants, errors, Map.of());
    return new RewriteSite(site.graph(), List.of(node), replacement, site.output(), site.ranges());
  }

  /** For each element the distance, with what float32 rounds off on both sides. */
  private static ErrorBound distance(double[] before, double[] after) {
    double[] distances = new double[before.length];
    for (int i = 0; i < distances.length; i++) {
      double rounded =
          2 * (double) Math.ulp((float) Math.max(Math.abs(before[i]), Math.abs(after[i])));
      distances[i] = Math.nextUp(Math.abs(before[i] - after[i])) + rounded;
    }
    return ErrorBound.perElement(distances);
  }
}
