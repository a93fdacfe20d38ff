package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sums of a transposed convolution of {@code X [N,C,…]} with {@code W [C,M/group,…]} plus
 * {@code B [M]}.
 */
final class TransposedPart implements LinearPart {
  @Override
  public Shape shape(OpCall call) {
    Shape x = call.type(0).shape();
    Shape w = call.type(1).shape();
    if (!x.isRanked() || !w.isRanked()) {
      return x.isRanked() ? Shape.ofRank(x.rank()) : Shape.UNRANKED;
    }
    check(call, x, w);
    List<Dimension> sizes = new ArrayList<>(List.of(x.dimension(0), maps(call, w)));
    int[] kernel = ConvolutionPart.kernel(call, w, x.rank() - 2);
    List<Dimension> spatial = x.dimensions().subList(2, x.rank());
    sizes.addAll(
        kernel == null
            ? Shape.ofRank(spatial.size()).dimensions()
            : new TransposedGeometry(call.attributes(), kernel).outputSizes(spatial));
    return Shape.of(sizes);
  }

  private static void check(OpCall call, Shape x, Shape w) {
    boolean fits =
        x.rank() >= 3 && x.rank() == w.rank() && x.dimension(1).isCompatibleWith(w.dimension(0));
    int groups = ConvolutionPart.groups(call);
    boolean divides =
        !(w.dimension(0) instanceof Dimension.Fixed channels) || channels.size() % groups == 0;
    if (!fits || !divides) {
      throw new IllegalArgumentException(
          "X is " + x + ", but W is " + w + " with " + groups + " groups");
    }
    if (call.hasInput(2) && maps(call, w) instanceof Dimension.Fixed maps) {
      Shape bias = call.type(2).shape();
      if (!bias.isCompatibleWith(Shape.of(maps.size()))) {
        throw new IllegalArgumentException("there are " + maps + " channels, but B is " + bias);
      }
    }
  }

  private static Dimension maps(OpCall call, Shape w) {
    return BlockSizes.multiplied(w.dimension(1), ConvolutionPart.groups(call));
  }

  @Override
  public SumForm elements(OpCall call) {
    Shape x = call.type(0).shape();
    Shape w = call.type(1).shape();
    Shape y = shape(call);
    int[] kernel = Arrays.copyOfRange(w.intSizes(), 2, w.rank());
    WindowGeometry windows =
        new TransposedGeometry(call.attributes(), kernel)
            .windows(
                Arrays.copyOfRange(x.intSizes(), 2, x.rank()),
                Arrays.copyOfRange(y.intSizes(), 2, y.rank()));
    return new Elements(windows, x, w, y, ConvolutionPart.groups(call));
  }

  @Override
  public @Nullable SumForm channels(OpCall call) {
    Shape w = call.type(1).shape();
    return w.isStatic() && w.rank() >= 3 ? new Channels(w, ConvolutionPart.groups(call)) : null;
  }

  /** Number of multiply-accumulates of a call whose types are static. */
  static long multiplyAccumulates(OpCall call) {
    Shape x = call.type(0).shape();
    Shape w = call.type(1).shape();
    if (!x.isStatic() || !w.isStatic() || w.size(0) == 0) {
      return 0;
    }
    return Math.multiplyExact(x.elementCount(), w.elementCount() / w.size(0));
  }

  private record Elements(WindowGeometry windows, Shape x, Shape w, Shape y, int groups)
      implements SumForm {
    @Override
    public Spread result() {
      return new Spread.Elements(Math.toIntExact(y.elementCount()));
    }

    @Override
    public Spread operand(int index) {
      return switch (index) {
        case 0 -> new Spread.Elements(Math.toIntExact(x.elementCount()));
        case 1 -> new Spread.Elements(Math.toIntExact(w.elementCount()));
        default -> new Spread.Along(0, y.intSize(1));
      };
    }

    @Override
    public long terms() {
      return w.size(0) / groups * windows.kernelCount();
    }

    @Override
    public double[] product(double[] first, double[] second) {
      return new TransposedLoop(windows, x.intSize(0), x.intSize(1), y.intSize(1), groups)
          .apply(first, second);
    }

    @Override
    public double[] addend(double[] values) {
      int[] channel = ChannelMap.of(y, new Spread.Along(1, y.intSize(1)));
      return Arrays.stream(channel).mapToDouble(c -> values[c]).toArray();
    }
  }

  /**
   * One slot for each channel; which taps meet in an element is not told apart, so any may miss.
   */
  private record Channels(Shape w, int groups) implements SumForm {
    @Override
    public Spread result() {
      return new Spread.Along(1, Math.toIntExact(w.size(1) * groups));
    }

    @Override
    public Spread operand(int index) {
      return switch (index) {
        case 0 -> new Spread.Along(1, w.intSize(0));
        case 1 -> new Spread.Elements(Math.toIntExact(w.elementCount()));
        default -> new Spread.Along(0, result().count());
      };
    }

    @Override
    public long terms() {
      return w.elementCount() / Math.max(1, w.size(1)) / groups;
    }

    @Override
    public Box arrange(Box first) {
      return first.withZero();
    }

    @Override
    public double[] product(double[] first, double[] second) {
      int maps = w.intSize(1);
      int taps = maps == 0 ? 0 : second.length / Math.max(1, first.length * maps);
      int channelsOfGroup = Math.max(1, first.length / groups);
      double[] sums = new double[result().count()];
      for (int c = 0; c < first.length; c++) {
        for (int m = 0; m < maps; m++) {
          int map = c / channelsOfGroup * maps + m;
          for (int k = 0; k < taps; k++) {
            sums[map] += first[c] * second[(c * maps + m) * taps + k];
          }
        }
      }
      return sums;
    }

    @Override
    public double[] addend(double[] values) {
      return values;
    }
  }
}
