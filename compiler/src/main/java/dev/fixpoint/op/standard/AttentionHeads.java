package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The evaluation of one call of {@link Attention}: queries, keys and values as [batch, heads,
 * sequence, size], all arithmetic in double, each output rounded once.
 */
final class AttentionHeads {
  private final OpCall call;
  private final Tensor query;
  private final Tensor key;
  private final Tensor value;
  private final AttentionMask mask;
  private final double[] products;
  private final double[] result;

  private AttentionHeads(OpCall call, Tensor query, Tensor key, Tensor value) {
    this.call = call;
    this.query = query;
    this.key = key;
    this.value = value;
    Shape q = query.shape();
    int keys = key.shape().intSize(2);
    this.mask = AttentionMask.of(call, q.intSize(2), keys);
    this.products = new double[Math.toIntExact(q.size(0) * q.size(1) * q.size(2) * keys)];
    this.result =
        new double[Math.toIntExact(q.size(0) * q.size(1) * q.size(2) * value.shape().size(3))];
  }

  static AttentionHeads of(OpCall call) {
    Tensor query = heads(call, 0, Attention.Q_NUM_HEADS);
    Tensor key = present(heads(call, 1, Attention.KV_NUM_HEADS), call, Attention.PAST_KEY);
    Tensor value = present(heads(call, 2, Attention.KV_NUM_HEADS), call, Attention.PAST_VALUE);
    requireFit(query.shape(), key.shape(), value.shape());
    AttentionHeads heads = new AttentionHeads(call, query, key, value);
    heads.compute();
    return heads;
  }

  private static void requireFit(Shape query, Shape key, Shape value) {
    boolean fits =
        query.size(0) == key.size(0)
            && query.size(0) == value.size(0)
            && key.size(1) == value.size(1)
            && key.size(1) > 0
            && query.size(1) % key.size(1) == 0
            && key.size(2) == value.size(2)
            && query.size(3) == key.size(3);
    if (!fits) {
      throw new IllegalArgumentException(
          "queries " + query + ", keys " + key + " and values " + value + " do not fit");
    }
  }

  private static Tensor heads(OpCall call, int input, Attribute<Long> heads) {
    Tensor tensor = call.tensor(input);
    Shape shape = Attention.heads(call, input, heads);
    if (tensor.shape().rank() == 4) {
      return tensor;
    }
    Shape split = Shape.of(shape.size(0), shape.size(2), shape.size(1), shape.size(3));
    return swapped(tensor.reshaped(split));
  }

  /** A tensor with its two middle axes exchanged. */
  private static Tensor swapped(Tensor tensor) {
    int[] sizes = tensor.shape().intSizes();
    int[] strides = Elements.strides(sizes);
    int[][] offsets = {
      Elements.steps(sizes[0], strides[0]),
      Elements.steps(sizes[2], strides[2]),
      Elements.steps(sizes[1], strides[1]),
      Elements.steps(sizes[3], strides[3])
    };
    Shape shape = Shape.of(sizes[0], sizes[2], sizes[1], sizes[3]);
    return Elements.gather(tensor, shape, Elements.positions(offsets));
  }

  private static Tensor present(Tensor current, OpCall call, int past) {
    if (!call.hasInput(past)) {
      return current;
    }
    List<Tensor> parts = List.of(call.tensor(past), current);
    List<Shape> shapes = parts.stream().map(Tensor::shape).toList();
    int[] sizes = current.shape().intSizes();
    Axes.requireShape(call, past, sizes[0], sizes[1], Axes.ofRank(call, past, 4).size(2), sizes[3]);
    Shape shape = Shape.of(sizes[0], sizes[1], sizes[2] + shapes.getFirst().size(2), sizes[3]);
    return Elements.gather(Elements.chained(parts), shape, Joined.positions(shapes, 2));
  }

  private void compute() {
    int[] sizes = query.shape().intSizes();
    int group = sizes[1] / key.shape().intSize(1);
    double[] q = query.toDoubles();
    double[] k = key.toDoubles();
    double[] v = value.toDoubles();
    for (int batch = 0; batch < sizes[0]; batch++) {
      for (int head = 0; head < sizes[1]; head++) {
        int keyHead = batch * key.shape().intSize(1) + head / group;
        for (int row = 0; row < sizes[2]; row++) {
          attend(batch, head, row, keyHead, q, k, v);
        }
      }
    }
  }

  private void attend(
      int batch, int head, int row, int keyHead, double[] q, double[] k, double[] v) {
    int size = query.shape().intSize(3);
    int keys = key.shape().intSize(2);
    int width = value.shape().intSize(3);
    int queryRow = (batch * query.shape().intSize(1) + head) * query.shape().intSize(2) + row;
    double scale = scale(size);
    double[] scores = new double[keys];
    double[] masked = new double[keys];
    for (int j = 0; j < keys; j++) {
      double sum = 0;
      for (int d = 0; d < size; d++) {
        sum += q[queryRow * size + d] * k[(keyHead * keys + j) * size + d];
      }
      scores[j] = sum * scale;
      masked[j] = masked(capped(scores[j]), mask.at(batch, head, row, j));
    }
    double[] weights = softmax(masked);
    for (int j = 0; j < keys; j++) {
      products[queryRow * keys + j] = shown(scores[j], masked[j], weights[j]);
      for (int d = 0; weights[j] != 0 && d < width; d++) {
        result[queryRow * width + d] += weights[j] * v[(keyHead * keys + j) * width + d];
      }
    }
  }

  private double scale(int size) {
    Float given = call.attributes().find(Attention.SCALE);
    return given == null ? 1 / Math.sqrt(size) : given;
  }

  private double capped(double score) {
    double cap = call.get(Attention.SOFTCAP);
    return cap > 0 ? cap * Math.tanh(score / cap) : score;
  }

  /** A score that is masked away counts as −∞ even where it is infinite or NaN itself. */
  private static double masked(double score, double bias) {
    return bias == Double.NEGATIVE_INFINITY ? bias : score + bias;
  }

  private double shown(double score, double masked, double weight) {
    return switch (call.attributes().getInt(Attention.QK_MATMUL_OUTPUT_MODE)) {
      case 0 -> score;
      case 1 -> capped(score);
      case 2 -> masked;
      case Attention.MODE_SOFTMAX -> weight;
      default -> throw new IllegalArgumentException("qk_matmul_output_mode should be 0, 1, 2 or 3");
    };
  }

  private static double[] softmax(double[] scores) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      largest = Math.max(largest, score);
    }
    double[] weights = new double[scores.length];
    if (largest == Double.NEGATIVE_INFINITY) {
      return weights;
    }
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      weights[i] = Math.exp(scores[i] - largest);
      sum += weights[i];
    }
    for (int i = 0; i < scores.length; i++) {
      weights[i] /= sum;
    }
    return weights;
  }

  /** The first outputs of the call. */
  List<Tensor> outputs(int count) {
    int[] sizes = query.shape().intSizes();
    Shape shape = Shape.of(sizes[0], sizes[1], sizes[2], value.shape().size(3));
    Tensor output = Tensor.ofDoubles(Attention.elementType(call), shape, result);
    if (call.tensor(0).shape().rank() == 3) {
      Shape merged = Shape.of(sizes[0], sizes[2], sizes[1] * value.shape().size(3));
      output = swapped(output).reshaped(merged);
    }
    List<Tensor> outputs = new ArrayList<>(List.of(output, key, value));
    if (count > outputs.size()) {
      Shape pairs = Shape.of(sizes[0], sizes[1], sizes[2], key.shape().size(2));
      outputs.add(Tensor.ofDoubles(Attention.elementType(call), pairs, products));
    }
    return List.copyOf(outputs.subList(0, count));
  }
}
