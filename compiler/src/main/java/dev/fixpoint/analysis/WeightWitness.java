package dev.fixpoint.analysis;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.WeightedSum;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An input for which the changed weights of a node do what the certificate says: a corner of the
 * box, by the sign of {@code Ŵ - W}. Of a convolution it is the window of one output position that
 * lies inside, of a matrix one row.
 *
 * @param input the input, one window or row
 * @param channel the output channel whose sum changes most
 * @param change how far that sum changes there
 */
public record WeightWitness(Tensor input, int channel, double change) {
  private static final List<String> GEOMETRY = List.of("pads", "auto_pad", "strides");

  /** The witness of a term; null for operators whose windows are not of this kind. */
  static @Nullable WeightWitness of(WeightTerm term, WeightedSum sum) {
    Tensor weights = term.call().constant(sum.weights());
    boolean known =
        weights != null
            && (term.op().id().name().endsWith("Conv") || weights.shape().rank() == 2)
            && !term.op().id().name().equals("DeformConv");
    if (!known || weights == null) {
      return null;
    }
    Shape window = window(term, weights.shape());
    WeightWitness best = null;
    for (boolean largest : new boolean[] {true, false}) {
      Tensor corner = corner(term, weights, window, largest);
      double change = change(term, corner);
      if (best == null || Math.abs(change) > Math.abs(best.change)) {
        best = new WeightWitness(corner, term.worstChannel(), change);
      }
    }
    return best;
  }

  private static Shape window(WeightTerm term, Shape weights) {
    OpCall call = term.call();
    if (weights.rank() == 2) {
      boolean transposed = isSet(call.attributes(), "transB");
      return Shape.of(1, weights.size(transposed ? 1 : 0));
    }
    long groups = number(call.attributes(), "group", 1);
    long[] sizes = weights.sizes();
    sizes[0] = 1;
    sizes[1] *= groups;
    List<Long> dilations = numbers(call.attributes(), "dilations");
    for (int i = 2; i < sizes.length; i++) {
      long dilation = dilations.isEmpty() ? 1 : dilations.get(i - 2);
      sizes[i] = (sizes[i] - 1) * dilation + 1;
    }
    return Shape.of(sizes);
  }

  /** The corner of the box where the worst channel's sum changes most one way. */
  private static Tensor corner(WeightTerm term, Tensor weights, Shape window, boolean largest) {
    int count = Math.toIntExact(window.elementCount());
    double[] values = new double[count];
    double[] effects = effects(term, weights, window);
    Range range = term.input();
    for (int i = 0; i < count; i++) {
      Interval interval = interval(range, i, window);
      boolean high = effects[i] > 0 == largest;
      values[i] = high ? interval.high() : interval.low();
    }
    return Tensor.ofDoubles(ElementType.DOUBLE, window, values);
  }

  private static Interval interval(Range range, int flat, Shape window) {
    return range.spread() instanceof Spread.Along along && along.axis() < window.rank()
        ? range.at(flat, window)
        : range.hull();
  }

  /** The change of the weight that each entry of the window meets in the worst channel. */
  private static double[] effects(WeightTerm term, Tensor weights, Shape window) {
    Attributes attributes = term.call().attributes();
    double[] changes = weights.toDoubles();
    int channel = term.worstChannel();
    double[] effects = new double[Math.toIntExact(window.elementCount())];
    if (weights.shape().rank() == 2) {
      boolean transposed = isSet(attributes, "transB");
      int columns = weights.shape().intSize(1);
      for (int k = 0; k < effects.length; k++) {
        effects[k] = changes[transposed ? channel * columns + k : k * columns + channel];
      }
      return effects;
    }
    long groups = number(attributes, "group", 1);
    int maps = weights.shape().intSize(0);
    int perGroup = weights.shape().intSize(1);
    int taps = changes.length / maps / perGroup;
    int first = (int) (channel / Math.max(1, maps / groups)) * perGroup;
    int plane = effects.length / window.intSize(1);
    List<Long> dilations = numbers(attributes, "dilations");
    for (int c = 0; c < perGroup; c++) {
      for (int tap = 0; tap < taps; tap++) {
        int at = place(tap, weights.shape(), window, dilations);
        effects[(first + c) * plane + at] = changes[(channel * perGroup + c) * taps + tap];
      }
    }
    return effects;
  }

  /** Where a tap of the kernel lies in the plane of the window. */
  private static int place(int tap, Shape weights, Shape window, List<Long> dilations) {
    int rest = tap;
    int place = 0;
    int stride = 1;
    for (int axis = weights.rank() - 1; axis >= 2; axis--) {
      int index = rest % weights.intSize(axis);
      rest /= weights.intSize(axis);
      long dilation = dilations.isEmpty() ? 1 : dilations.get(axis - 2);
      place += (int) (index * dilation) * stride;
      stride *= window.intSize(axis);
    }
    return place;
  }

  /** The change of the worst channel's sum at an input. */
  private static double change(WeightTerm term, Tensor input) {
    Attributes attributes = term.call().attributes();
    for (String name : GEOMETRY) {
      attributes = attributes.without(name);
    }
    List<@Nullable Tensor> inputs = new ArrayList<>(Arrays.asList(input));
    for (int i = 1; i < term.call().inputCount(); i++) {
      inputs.add(term.call().constant(i));
    }
    return term.op()
        .evaluate(OpCall.ofTensors(attributes, inputs, 1))
        .getFirst()
        .doubleAt(term.worstChannel());
  }

  private static boolean isSet(Attributes attributes, String name) {
    return number(attributes, name, 0) != 0;
  }

  private static long number(Attributes attributes, String name, long absent) {
    var value = attributes.values().get(name);
    return value == null ? absent : (Long) value.content();
  }

  private static List<Long> numbers(Attributes attributes, String name) {
    var value = attributes.values().get(name);
    return value instanceof AttributeValue.OfInts ints ? ints.value() : List.of();
  }
}
