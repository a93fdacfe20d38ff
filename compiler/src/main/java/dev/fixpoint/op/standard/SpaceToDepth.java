package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * SpaceToDepth of ONNX (opset 13): square blocks of neighbours of {@code [N,C,H,W]} become groups
 * of channels.
 */
public final class SpaceToDepth implements DataMovement {
  /** Edge of the blocks. */
  public static final Attribute<Long> BLOCKSIZE = Attribute.ofInt("blocksize").required();

  /** Order of a channel's parts, since opset 27: DCR with the blocks' positions first, or CRD. */
  public static final Attribute<String> MODE = Attribute.ofString("mode", "DCR");

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("SpaceToDepth")
          .versions(1, 13)
          .input("input", Types.ALL)
          .output("output", Types.ALL)
          .attributes(BLOCKSIZE, MODE)
          .doc("Blocks of neighbours become channels.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType x = call.type(0);
    if (!x.shape().isRanked()) {
      return List.of(x.withShape(Shape.ofRank(4)));
    }
    if (x.shape().rank() != 4) {
      throw new IllegalArgumentException("input should be [N,C,H,W], but is " + x.shape());
    }
    long block = BlockSizes.edge(call.get(BLOCKSIZE));
    return List.of(
        x.withShape(
            Shape.of(
                Arrays.asList(
                    x.shape().dimension(0),
                    BlockSizes.multiplied(x.shape().dimension(1), block * block),
                    BlockSizes.divided(x.shape().dimension(2), block),
                    BlockSizes.divided(x.shape().dimension(3), block)))));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    Shape shape = inferTypes(call).getFirst().shape();
    int b = (int) BlockSizes.edge(call.get(BLOCKSIZE));
    int n = x.shape().intSize(0);
    int c = x.shape().intSize(1);
    int h = shape.intSize(2);
    int w = shape.intSize(3);
    int row = w * b;
    int plane = h * b * row;
    boolean byColumn = BlockSizes.isByColumn(call.get(MODE));
    int[] sizes = byColumn ? new int[] {n, c, b, b, h, w} : new int[] {n, b, b, c, h, w};
    int[] strides =
        byColumn
            ? new int[] {c * plane, plane, row, 1, b * row, b}
            : new int[] {c * plane, row, 1, plane, b * row, b};
    return List.of(Elements.gather(x, shape, Broadcasting.offsets(sizes, strides)));
  }

  @Override
  public Route along(OpCall call, int output, Spread.Along spread) {
    return spread.axis() == 0 ? Route.along(0, spread.count()) : Route.LUMPED;
  }
}
