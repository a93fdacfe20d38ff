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
 * DepthToSpace of ONNX (opset 13): groups of channels of {@code [N,C,H,W]} become square blocks of
 * neighbours.
 */
public final class DepthToSpace implements DataMovement {
  /** Edge of the blocks. */
  public static final Attribute<Long> BLOCKSIZE = Attribute.ofInt("blocksize").required();

  /**
   * Order of a channel's parts: DCR with the blocks' positions first, CRD with the channels first.
   */
  public static final Attribute<String> MODE = Attribute.ofString("mode", "DCR");

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("DepthToSpace")
          .versions(1, 11, 13)
          .input("input", Types.ALL)
          .output("output", Types.ALL)
          .attributes(BLOCKSIZE, MODE)
          .doc("Channels become blocks of neighbours.");

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
                    BlockSizes.divided(x.shape().dimension(1), block * block),
                    BlockSizes.multiplied(x.shape().dimension(2), block),
                    BlockSizes.multiplied(x.shape().dimension(3), block)))));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    Shape shape = inferTypes(call).getFirst().shape();
    int b = (int) BlockSizes.edge(call.get(BLOCKSIZE));
    int n = x.shape().intSize(0);
    int c = shape.intSize(1);
    int h = x.shape().intSize(2);
    int w = x.shape().intSize(3);
    int plane = h * w;
    boolean byColumn = BlockSizes.isByColumn(call.get(MODE));
    int channel = byColumn ? plane * b * b : plane;
    int part = byColumn ? plane : plane * c;
    int[] sizes = {n, c, h, b, w, b};
    int[] strides = {c * b * b * plane, channel, w, part * b, 1, part};
    return List.of(Elements.gather(x, shape, Broadcasting.offsets(sizes, strides)));
  }

  @Override
  public Route along(OpCall call, int output, Spread.Along spread) {
    return spread.axis() == 0 ? Route.along(0, spread.count()) : Route.LUMPED;
  }
}
