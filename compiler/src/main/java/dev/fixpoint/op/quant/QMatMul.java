package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
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
 * A batched matrix product on integers, with the broadcasting of numpy's matmul, bias and
 * activation in its {@link Epilogue}; the output is quantized, or float32 where {@code y_scale} is
 * absent. The right operand has one scale, or one for each index of its last axis.
 */
public final class QMatMul implements OpDefinition {
  private static final OpSchema SCHEMA =
      ProductInputs.schema(OpSchema.of(OpId.fixpoint("QMatMul")))
          .attributes(Activation.KIND, Activation.PARAMETERS)
          .doc("Integer batched matrix product with bias and activation, then one requantization.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape shape = BatchedProduct.infer(call.type(0).shape(), call.type(3).shape());
    return List.of(new TensorType(ProductInputs.outputType(call), shape));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Quantized a = Quantized.of(call, 0, 1, 2);
    Quantized b = Quantized.of(call, 3, 4, 5);
    BatchedProduct product = BatchedProduct.of(a.tensor().shape(), b.tensor().shape());
    EpilogueOutput output =
        new EpilogueOutput(ProductInputs.epilogue(call, product.columns()), product.output(), null);
    product.forEachRow(
        a.centred(),
        b.centred(b.tensor().shape().rank() - 1),
        ProductInputs.bias(call),
        output.rows(QuantTypes.isWide(call, 0, 3)));
    return List.of(output.tensor());
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(ProductInputs.range(transfer(call, ranges), call, lastAxis(call)));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return List.of(ProductInputs.error(transfer(call, ranges), id(), lastAxis(call), errors));
  }

  private int lastAxis(OpCall call) {
    Shape shape = inferTypes(call).getFirst().shape();
    return shape.isRanked() ? Math.max(0, shape.rank() - 1) : 0;
  }

  private @Nullable EpilogueTransfer transfer(OpCall call, List<@Nullable Range> ranges) {
    boolean ranked = inferTypes(call).getFirst().shape().isRanked();
    if (!ranked || !ProductInputs.parametersKnown(call)) {
      return null;
    }
    Tensor b = call.constant(3);
    Shape shape = call.type(3).shape();
    if (b == null || shape.rank() != 2) {
      return ProductInputs.variable(call, ranges, shape.dimension(shape.rank() == 1 ? 0 : -2));
    }
    int columns = shape.intSize(1);
    int[] weights = Quantized.of(call, 3, 4, 5).centred(1);
    return ProductInputs.constant(
        call, ranges, IntegerProduct.transposed(weights, shape.intSize(0), columns), columns);
  }

  /** Exact where the output is quantized: the operator stands for its own specification. */
  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return List.of(ProductInputs.local(transfer(call, ranges), call, id(), lastAxis(call)));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    Shape a = call.type(0).shape();
    return inferTypes(call).getFirst().shape().elementCount() * a.size(-1);
  }

  @Override
  public @Nullable Expansion expansion(OpCall call) {
    return LinearExpansion.matrixProduct(call);
  }
}
