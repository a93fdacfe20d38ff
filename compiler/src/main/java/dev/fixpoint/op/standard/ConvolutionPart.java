package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sums of a convolution of {@code X [N,C,…]} with {@code W [M,C/group,…]} plus {@code B [M]}.
 */
final class ConvolutionPart implements LinearPart {
  /** Number of groups into which channels are divided. */
  static final Attribute<Long> GROUP = Attribute.ofInt("group", 1);

  @Override
  public Shape shape(OpCall call) {
    Shape x = call.type(0).shape();
    Shape w = call.type(1).shape();
    if (!x.isRanked() && !w.isRanked()) {
      return Shape.UNRANKED;
    }
    int rank = x.isRanked() ? x.rank() : w.rank();
    check(call, x, w, rank);
    if (call.hasInput(SumForm.ADDEND) && w.isRanked()) {
      Shape bias = call.type(SumForm.ADDEND).shape();
      require(
          bias.isCompatibleWith(Shape.of(List.of(w.dimension(0)))),
          "W is " + w + ", but B is " + bias);
    }
    List<Dimension> sizes = new ArrayList<>();
    sizes.add(x.isRanked() ? x.dimension(0) : Dimension.UNKNOWN);
    sizes.add(w.isRanked() ? w.dimension(0) : Dimension.UNKNOWN);
    List<Dimension> spatial =
        x.isRanked() ? x.dimensions().subList(2, rank) : Shape.ofRank(rank - 2).dimensions();
    sizes.addAll(WindowGeometry.outputSizes(call.attributes(), spatial, kernel(call, w, rank - 2)));
    return Shape.of(sizes);
  }

  private static void check(OpCall call, Shape x, Shape w, int rank) {
    require(rank >= 3, "a convolution takes at least one spatial dimension, but X is " + x);
    require(!w.isRanked() || w.rank() == rank, "X is " + x + ", but W is " + w);
    int groups = groups(call);
    if (w.isRanked() && w.dimension(0) instanceof Dimension.Fixed maps) {
      require(
          maps.size() % groups == 0,
          maps.size() + " output channels are not divided by " + groups + " groups");
    }
    if (w.isRanked()
        && x.isRanked()
        && w.dimension(1) instanceof Dimension.Fixed perGroup
        && x.dimension(1) instanceof Dimension.Fixed channels) {
      require(
          channels.size() == perGroup.size() * groups,
          "X is " + x + ", but W is " + w + " with " + groups + " groups");
    }
  }

  /** The number of groups. */
  static int groups(OpCall call) {
    int groups = call.attributes().getInt(GROUP);
    require(groups >= 1, "attribute 'group' should be at least 1, but is " + groups);
    return groups;
  }

  /** The taps along each spatial dimension, from W or the attribute, or null. */
  static int @Nullable [] kernel(OpCall call, Shape w, int rank) {
    List<Long> given = call.attributes().find(WindowGeometry.KERNEL_SHAPE);
    int[] kernel = null;
    if (w.isRanked() && w.dimensions().stream().skip(2).allMatch(Dimension::isFixed)) {
      kernel = new int[rank];
      for (int i = 0; i < rank; i++) {
        kernel[i] = w.intSize(i + 2);
      }
    }
    if (given == null || given.isEmpty()) {
      return kernel;
    }
    int[] declared = given.stream().mapToInt(Math::toIntExact).toArray();
    require(
        kernel == null ? declared.length == rank : Arrays.equals(kernel, declared),
        "W is " + w + ", but attribute 'kernel_shape' is " + given);
    return declared;
  }

  /** The geometry of a call whose types are static. */
  static WindowGeometry geometry(OpCall call) {
    Shape x = call.type(0).shape();
    Shape w = call.type(1).shape();
    check(call, x, w, x.rank());
    int[] input = Arrays.copyOfRange(x.intSizes(), 2, x.rank());
    int[] kernel = kernel(call, w, input.length);
    if (kernel == null) {
      throw new IllegalArgumentException("the window of W " + w + " is not known");
    }
    return WindowGeometry.of(call.attributes(), input, kernel);
  }

  @Override
  public SumForm elements(OpCall call) {
    Shape x = call.type(0).shape();
    Shape w = call.type(1).shape();
    return new Elements(geometry(call), x, w, groups(call));
  }

  @Override
  public @Nullable SumForm channels(OpCall call) {
    Shape w = call.type(1).shape();
    if (!w.isStatic() || w.rank() < 3) {
      return null;
    }
    int[] kernel = Arrays.copyOfRange(w.intSizes(), 2, w.rank());
    boolean[] padded = paddedTaps(WindowRule.of(call.attributes(), kernel), kernel);
    return new Channels(w, groups(call), padded);
  }

  /** For each tap in row-major order, whether it may lie in the pads. */
  private static boolean[] paddedTaps(WindowRule rule, int[] kernel) {
    int count = Arrays.stream(kernel).reduce(1, Math::multiplyExact);
    boolean[] padded = new boolean[count];
    for (int tap = 0; tap < count; tap++) {
      int rest = tap;
      for (int axis = kernel.length - 1; axis >= 0; axis--) {
        padded[tap] |= rule.mayBePadded(axis, rest % kernel[axis]);
        rest /= kernel[axis];
      }
    }
    return padded;
  }

  /** Number of multiply-accumulates of a call whose types are static. */
  static long multiplyAccumulates(OpCall call) {
    Shape x = call.type(0).shape();
    Shape w = call.type(1).shape();
    if (!x.isStatic() || !w.isStatic()) {
      return 0;
    }
    long windows = Math.multiplyExact(x.size(0), (long) geometry(call).outputCount());
    return Math.multiplyExact(windows, w.elementCount());
  }

  private record Elements(WindowGeometry geometry, Shape x, Shape w, int groups)
      implements SumForm {
    @Override
    public Spread result() {
      return new Spread.Elements(Math.toIntExact(x.size(0) * w.size(0) * geometry.outputCount()));
    }

    @Override
    public Spread operand(int index) {
      return switch (index) {
        case 0 -> new Spread.Elements(Math.toIntExact(x.elementCount()));
        case 1 -> new Spread.Elements(Math.toIntExact(w.elementCount()));
        default -> new Spread.Along(0, w.intSize(0));
      };
    }

    @Override
    public long terms() {
      return w.size(1) * geometry.kernelCount();
    }

    @Override
    public double[] product(double[] first, double[] second) {
      return new ConvolutionLoop(geometry, x.intSize(0), x.intSize(1), w.intSize(0), groups)
          .apply(first, second);
    }

    @Override
    public double[] addend(double[] values) {
      int plane = geometry.outputCount();
      double[] spread = new double[result().count()];
      for (int i = 0; i < spread.length; i += plane) {
        Arrays.fill(spread, i, i + plane, values[i / plane % values.length]);
      }
      return spread;
    }
  }

  /** One slot for each channel; the first operand has a second slot for taps in the pads. */
  private record Channels(Shape w, int groups, boolean... padded) implements SumForm {
    @Override
    public Spread result() {
      return new Spread.Along(1, w.intSize(0));
    }

    @Override
    public Spread operand(int index) {
      return switch (index) {
        case 0 -> new Spread.Along(1, Math.toIntExact(w.size(1) * groups));
        case 1 -> new Spread.Elements(Math.toIntExact(w.elementCount()));
        default -> new Spread.Along(0, w.intSize(0));
      };
    }

    @Override
    public long terms() {
      return w.size(1) * padded.length;
    }

    @Override
    public Box arrange(Box first) {
      Box joined = first.withZero();
      return new Box(
          concat(first.center(), joined.center()), concat(first.radius(), joined.radius()));
    }

    private static double[] concat(double[] a, double[] b) {
      double[] both = Arrays.copyOf(a, a.length + b.length);
      System.arraycopy(b, 0, both, a.length, b.length);
      return both;
    }

    @Override
    public double[] product(double[] first, double[] second) {
      int channels = first.length / 2;
      int perGroup = w.intSize(1);
      int mapsOfGroup = Math.max(1, w.intSize(0) / groups);
      double[] sums = new double[w.intSize(0)];
      int at = 0;
      for (int m = 0; m < sums.length; m++) {
        int channel = m / mapsOfGroup * perGroup;
        double sum = 0;
        for (int c = channel; c < channel + perGroup; c++) {
          double within = first[c];
          double joined = first[c + channels];
          for (boolean inPads : padded) {
            sum += second[at++] * (inPads ? joined : within);
          }
        }
        sums[m] = sum;
      }
      return sums;
    }

    @Override
    public double[] addend(double[] values) {
      return values;
    }
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }
}
