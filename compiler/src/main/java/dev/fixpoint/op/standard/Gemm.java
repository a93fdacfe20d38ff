package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Set;

/**
 * Gemm of ONNX (opset 13): {@code Y = alpha · A' · B' + beta · C} for matrices {@code A' [M,K]} and
 * {@code B' [K,N]}; C broadcasts to {@code [M,N]}.
 */
public final class Gemm extends SumsOfProducts {
  /** Factor on the product. */
  public static final Attribute<Float> ALPHA = GemmPart.ALPHA;

  /** Factor on C. */
  public static final Attribute<Float> BETA = GemmPart.BETA;

  /** Whether A is transposed. */
  public static final Attribute<Long> TRANS_A = GemmPart.TRANS_A;

  /** Whether B is transposed. */
  public static final Attribute<Long> TRANS_B = GemmPart.TRANS_B;

  private static final Set<ElementType> TYPES =
      Types.union(
          Types.FLOATS,
          Set.of(ElementType.INT32, ElementType.INT64, ElementType.UINT32, ElementType.UINT64));

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Gemm")
          .versions(1, 6, 7, 9, 11, 13)
          .input("A", TYPES)
          .input("B", TYPES)
          .optionalInput("C", TYPES)
          .output("Y", TYPES)
          .attributes(ALPHA, BETA, TRANS_A, TRANS_B)
          .doc("Matrix product with factors, plus an addend that broadcasts.");

  Gemm() {
    super(SCHEMA, LinearOperator.plain(new GemmPart()));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor a = call.tensor(0);
    return a.elementType().isInteger() ? integers(call) : super.evaluate(call);
  }

  private static List<Tensor> integers(OpCall call) {
    if (call.get(ALPHA) != 1 || call.get(BETA) != 1) {
      throw new IllegalArgumentException("factors other than 1 on integers are not supported");
    }
    Tensor a = transposed(call.tensor(0), call.attributes().isSet(TRANS_A));
    Tensor b = transposed(call.tensor(1), call.attributes().isSet(TRANS_B));
    Shape shape = Shape.of(a.shape().size(0), b.shape().size(1));
    Tensor product = IntegerMatrices.product(a, b, shape);
    if (!call.hasInput(2)) {
      return List.of(product);
    }
    long[] sums = product.toLongs();
    long[] addend = call.tensor(2).toLongs();
    int[] offsets = Broadcasting.offsets(call.tensor(2).shape(), shape);
    for (int i = 0; i < sums.length; i++) {
      sums[i] = Math.addExact(sums[i], addend[offsets[i]]);
    }
    return List.of(Tensor.ofLongs(a.elementType(), shape, sums));
  }

  private static Tensor transposed(Tensor matrix, boolean wanted) {
    if (!wanted) {
      return matrix;
    }
    int rows = matrix.shape().intSize(0);
    int columns = matrix.shape().intSize(1);
    long[] values = matrix.toLongs();
    long[] turned = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      turned[i % columns * rows + i / columns] = values[i];
    }
    return Tensor.ofLongs(matrix.elementType(), Shape.of(columns, rows), turned);
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    return GemmPart.multiplyAccumulates(call);
  }
}
