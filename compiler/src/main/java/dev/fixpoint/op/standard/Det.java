package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The determinant of square matrices in the last two axes: ONNX Det, opset 22. */
public final class Det implements OpDefinition {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Det")
          .versions(11, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The determinant of square matrices.");

  private static final double SLACK = 0x1p-40;

  Det() {}

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape shape = call.type(0).shape();
    if (!shape.isRanked()) {
      return List.of(call.type(0));
    }
    if (shape.rank() < 2 || !shape.dimension(-1).isCompatibleWith(shape.dimension(-2))) {
      throw new IllegalArgumentException("expected square matrices, but the shape is " + shape);
    }
    List<Dimension> batch = shape.dimensions().subList(0, shape.rank() - 2);
    return List.of(call.type(0).withShape(Shape.of(batch)));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    TensorType type = inferTypes(call).getFirst();
    int n = x.shape().intSize(-1);
    double[] values = x.toDoubles();
    double[] result = new double[Math.toIntExact(type.shape().elementCount())];
    for (int i = 0; i < result.length; i++) {
      result[i] = determinant(Arrays.copyOfRange(values, i * n * n, (i + 1) * n * n), n);
    }
    return List.of(Tensor.ofDoubles(type.elementType(), type.shape(), result));
  }

  /** Gaussian elimination with partial pivoting. */
  private static double determinant(double[] a, int n) {
    double determinant = 1;
    for (int k = 0; k < n; k++) {
      int pivot = k;
      for (int row = k + 1; row < n; row++) {
        pivot = Math.abs(a[row * n + k]) > Math.abs(a[pivot * n + k]) ? row : pivot;
      }
      if (pivot != k) {
        swapRows(a, n, pivot, k);
        determinant = -determinant;
      }
      determinant *= a[k * n + k];
      if (a[k * n + k] == 0) {
        return 0;
      }
      eliminate(a, n, k);
    }
    return determinant;
  }

  private static void swapRows(double[] a, int n, int i, int j) {
    double[] row = Arrays.copyOfRange(a, i * n, (i + 1) * n);
    System.arraycopy(a, j * n, a, i * n, n);
    System.arraycopy(row, 0, a, j * n, n);
  }

  private static void eliminate(double[] a, int n, int k) {
    for (int row = k + 1; row < n; row++) {
      double factor = a[row * n + k] / a[k * n + k];
      for (int column = k; column < n; column++) {
        a[row * n + column] -= factor * a[k * n + column];
      }
    }
  }

  /** Hadamard's inequality: {@code |det| <= (√n m)ⁿ} for entries of magnitude m. */
  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    ElementType type = call.type(0).elementType();
    double most = product(Ranges.at(ranges, 0).magnitude(), size(call), 0);
    return List.of(Range.of(Transfers.stored(type, Interval.symmetric(most))));
  }

  /**
   * The determinant is linear in every row: change one after the other, by Hadamard's inequality.
   */
  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ErrorBound error = errors.getFirst();
    if (!error.isBounded() || error.max() == 0) {
      return List.of(error);
    }
    double n = size(call);
    double rest = product(Ranges.at(ranges, 0).magnitude(), n, 1);
    double real =
        Outward.multiplyUp(Outward.multiplyUp(n * Math.sqrt(n) * (1 + SLACK), error.max()), rest);
    ErrorBound rounding = localError(call, ranges).getFirst().scaledBy(2);
    return List.of(bound(real).plus(rounding));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    double magnitude = Ranges.at(ranges, 0).magnitude();
    double most = product(magnitude, size(call), 0);
    double inDouble =
        elimination(size(call), magnitude, Transfers.unitRoundoff(ElementType.DOUBLE));
    return List.of(
        bound(Transfers.evaluation(call.type(0).elementType(), most)).plus(bound(inDouble)));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    double unit = Transfers.unitRoundoff(call.type(0).elementType());
    double magnitude = Range.ofTensor(call.tensor(0)).magnitude();
    return List.of(bound(elimination(size(call), magnitude, 2 * unit)));
  }

  private static ErrorBound bound(double value) {
    return Double.isNaN(value)
        ? ErrorBound.unbounded("the determinant may be of any size")
        : ErrorBound.uniform(value);
  }

  private static double size(OpCall call) {
    Shape shape = call.type(0).shape();
    return shape.isRanked() && shape.dimension(-1).isFixed()
        ? shape.size(-1)
        : Double.POSITIVE_INFINITY;
  }

  /** {@code (√n m)^(n - fewer)}, from above. */
  private static double product(double magnitude, double n, int fewer) {
    double norm = Math.sqrt(n) * magnitude * (1 + SLACK);
    return Double.isFinite(n) ? Math.pow(norm, n - fewer) * (1 + SLACK) : Double.POSITIVE_INFINITY;
  }

  /**
   * The exact determinant of a matrix that is {@code 8 n³ 2ⁿ⁻¹ u m} away in its largest entry is
   * what elimination computes (Higham, 2002, theorem 9.5, with the largest growth of pivots).
   */
  private static double elimination(double n, double magnitude, double unit) {
    double backward = 8 * n * n * n * Math.pow(2, n - 1) * unit * magnitude;
    double rest = product(magnitude + backward, n, 1);
    return n * Math.sqrt(n) * backward * rest + n * unit * product(magnitude + backward, n, 0);
  }
}
