package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The windows of a convolution of images that neither overlap nor leave gaps nor reach into
 * padding, as a transformer cuts an image into patches: with each window as a row, the convolution
 * is a matrix product.
 *
 * @param channels channels of the image
 * @param features channels of the result
 * @param rows windows above each other
 * @param columns windows beside each other
 * @param height height of a window
 * @param width width of a window
 */
record Patches(int channels, int features, int rows, int columns, int height, int width) {
  private static final Attribute<Long> GROUP = Attribute.ofInt("group", 1);
  private static final Attribute<List<Long>> PERMUTATION = Attribute.ofInts("perm");

  /** The windows of a convolution, or null where they are not like this or are single elements. */
  static @Nullable Patches of(GraphView graph, Node node) {
    Shape x = graph.type(node.input(0)).shape();
    Shape w = graph.type(node.input(WeightedOperator.WEIGHTS)).shape();
    boolean image = x.isRanked() && x.rank() == 4 && w.isStatic();
    for (int d = 1; image && d < 4; d++) {
      image = x.dimension(d).isFixed();
    }
    if (!image || node.hasInput(QuantRole.RESIDUAL) || !tiles(node, w)) {
      return null;
    }
    int height = w.intSize(2);
    int width = w.intSize(3);
    boolean divides = x.size(2) % height == 0 && x.size(3) % width == 0;
    return divides && height * width > 1
        ? new Patches(
            x.intSize(1), w.intSize(0), x.intSize(2) / height, x.intSize(3) / width, height, width)
        : null;
  }

  private static boolean tiles(Node node, Shape w) {
    String padding = node.get(WindowGeometry.AUTO_PAD);
    boolean unpadded =
        padding.equals("VALID") || (padding.equals("NOTSET") && all(node, WindowGeometry.PADS, 0));
    return unpadded
        && List.of(w.size(2), w.size(3)).equals(node.attributes().find(WindowGeometry.STRIDES))
        && all(node, WindowGeometry.DILATIONS, 1)
        && node.get(GROUP) == 1;
  }

  private static boolean all(Node node, Attribute<List<Long>> key, long value) {
    List<Long> values = node.attributes().find(key);
    return values == null || values.stream().allMatch(each -> each == value);
  }

  /** The windows of an image {@code [N, channels, H, W]} as rows {@code [N, windows, taps]}. */
  Value rows(ReplacementBuilder build, Value image) {
    String name = image.name() + "_patches";
    Value cut = reshaped(build, name + "_cut", image, 0, channels, rows, height, columns, width);
    Value moved =
        build.call(
            name + "_moved",
            StandardOps.TRANSPOSE,
            Attributes.NONE.with(PERMUTATION, List.of(0L, 2L, 4L, 1L, 3L, 5L)),
            cut);
    return reshaped(build, name, moved, 0, (long) rows * columns, (long) channels * height * width);
  }

  /**
   * Makes the image {@code [N, features, rows, columns]} of rows {@code [N, windows, features]}.
   */
  void image(ReplacementBuilder build, Value product, Value image) {
    Value moved =
        build.call(
            image.name() + "_channels_first",
            StandardOps.TRANSPOSE,
            Attributes.NONE.with(PERMUTATION, List.of(0L, 2L, 1L)),
            product);
    build.define(
        image,
        StandardOps.RESHAPE,
        Attributes.NONE,
        moved,
        shape(build, image.name(), 0, features, rows, columns));
  }

  private static Value reshaped(ReplacementBuilder build, String name, Value value, long... sizes) {
    return build.call(name, StandardOps.RESHAPE, Attributes.NONE, value, shape(build, name, sizes));
  }

  /** A target shape; 0 keeps the size that is there. */
  private static Value shape(ReplacementBuilder build, String name, long... sizes) {
    return build.constant(
        name + "_shape", Tensor.ofLongs(ElementType.INT64, Shape.of(sizes.length), sizes));
  }
}
