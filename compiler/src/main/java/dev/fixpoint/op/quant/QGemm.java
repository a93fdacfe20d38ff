package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A matrix product on integers with bias and activation in its {@link Epilogue}: {@code a [M, K] ·
 * b [K, N]}, each transposed where its attribute says so; the output is quantized, or float32 where
 * {@code y_scale} is absent.
 */
public final class QGemm implements OpDefinition {
  /** Whether {@code a} is given as {@code [K, M]}. */
  public static final Attribute<Long> TRANS_A = Attribute.ofInt("transA", 0);

  /** Whether {@code b} is given as {@code [N, K]}. */
  public static final Attribute<Long> TRANS_B = Attribute.ofInt("transB", 0);

  private static final OpSchema SCHEMA =
      ProductInputs.schema(OpSchema.of(OpId.fixpoint("QGemm")))
          .attributes(TRANS_A, TRANS_B, Activation.KIND, Activation.PARAMETERS)
          .doc("Integer matrix product with bias and activation, then one requantization.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape a = call.type(0).shape();
    Shape b = call.type(3).shape();
    if ((a.isRanked() && a.rank() != 2) || (b.isRanked() && b.rank() != 2)) {
      throw new IllegalArgumentException("both operands need two dimensions, not " + a + ", " + b);
    }
    boolean transA = call.attributes().isSet(TRANS_A);
    boolean transB = call.attributes().isSet(TRANS_B);
    if (a.isRanked()
        && b.isRanked()
        && !a.dimension(transA ? 0 : 1).isCompatibleWith(b.dimension(transB ? 1 : 0))) {
      throw new IllegalArgumentException("the depths of " + a + " and " + b + " differ");
    }
    Shape shape = Shape.ofRank(2);
    shape = a.isRanked() ? shape.with(0, a.dimension(transA ? 1 : 0)) : shape;
    shape = b.isRanked() ? shape.with(1, b.dimension(transB ? 0 : 1)) : shape;
    return List.of(new TensorType(ProductInputs.outputType(call), shape));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Shape shape = inferTypes(call).getFirst().shape();
    int rows = shape.intSize(0);
    int columns = shape.intSize(1);
    Tensor left = call.tensor(0);
    int depth = left.shape().intSize(call.attributes().isSet(TRANS_A) ? 0 : 1);
    int[] a = Quantized.of(call, 0, 1, 2).centred();
    int[] b = weights(call);
    if (call.attributes().isSet(TRANS_A)) {
      a = IntegerProduct.transposed(a, depth, rows);
    }
    if (call.attributes().isSet(TRANS_B)) {
      b = IntegerProduct.transposed(b, columns, depth);
    }
    EpilogueOutput output = new EpilogueOutput(ProductInputs.epilogue(call, columns), shape, null);
    new BatchedProduct(new int[1], new int[1], rows, depth, columns, shape)
        .forEachRow(a, b, ProductInputs.bias(call), output.rows(QuantTypes.isWide(call, 0, 3)));
    return List.of(output.tensor());
  }

  private static int[] weights(OpCall call) {
    return Quantized.of(call, 3, 4, 5).centred(call.attributes().isSet(TRANS_B) ? 0 : 1);
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(ProductInputs.range(transfer(call, ranges), call, 1));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return List.of(ProductInputs.error(transfer(call, ranges), id(), 1, errors));
  }

  private static @Nullable EpilogueTransfer transfer(OpCall call, List<@Nullable Range> ranges) {
    if (!ProductInputs.parametersKnown(call)) {
      return null;
    }
    Tensor b = call.constant(3);
    if (b == null) {
      int depth = call.attributes().isSet(TRANS_B) ? 1 : 0;
      return ProductInputs.variable(call, ranges, call.type(3).shape().dimension(depth));
    }
    boolean transB = call.attributes().isSet(TRANS_B);
    int columns = b.shape().intSize(transB ? 0 : 1);
    int[] weights = weights(call);
    if (!transB) {
      weights = IntegerProduct.transposed(weights, b.shape().intSize(0), columns);
    }
    return ProductInputs.constant(call, ranges, weights, columns);
  }

  /** Exact where the output is quantized: the operator stands for its own specification. */
  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return List.of(ProductInputs.local(transfer(call, ranges), call, id(), 1));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    Shape a = call.type(0).shape();
    Shape output = inferTypes(call).getFirst().shape();
    return output.elementCount() * a.size(call.attributes().isSet(TRANS_A) ? 0 : 1);
  }

  @Override
  public @Nullable Expansion expansion(OpCall call) {
    return LinearExpansion.gemm(call);
  }
}
