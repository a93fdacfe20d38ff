package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.op.WeightedSum;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all operators made of sums of products do alike: {@code y = act(Σ x·w + b + z)}, rounded
 * once.
 *
 * <p>Bounds follow from {@code x'w' - xw = (x' - x)·w' + x·(w' - w)}, so that the error of a sum is
 * at most {@code Σ e_x·|w| + |x|·e_w}, and from the backward error of a sum of n products in any
 * order, {@code γ_n·Σ|x||w|} with {@code γ_n = n·u / (1 - n·u)} (N. J. Higham, "Accuracy and
 * Stability of Numerical Algorithms", 2nd ed., section 3.1).
 */
final class LinearOperator {
  private final LinearPart part;
  private final boolean activated;
  private final int residual;

  private LinearOperator(LinearPart part, boolean activated, int residual) {
    this.part = part;
    this.activated = activated;
    this.residual = residual;
  }

  /** The operator that is the sums alone. */
  static LinearOperator plain(LinearPart part) {
    return new LinearOperator(part, false, Integer.MAX_VALUE);
  }

  /** The operator that ends with the activation named by its attributes. */
  static LinearOperator activated(LinearPart part) {
    return new LinearOperator(part, true, Integer.MAX_VALUE);
  }

  /** As {@link #activated}, with an input that is added before the activation. */
  static LinearOperator withResidual(LinearPart part, int input) {
    return new LinearOperator(part, true, input);
  }

  private Activation activation(OpCall call) {
    return activated ? Activation.of(call.attributes()) : Activation.NONE;
  }

  List<TensorType> inferTypes(OpCall call) {
    Shape shape = part.shape(call);
    var _ = activation(call);
    if (call.hasInput(residual)) {
      Shape added = call.type(residual).shape();
      if (!shape.isCompatibleWith(added)) {
        throw new IllegalArgumentException(
            "input " + residual + " is " + added + ", but is added to " + shape);
      }
      shape = shape.refinedBy(added);
    }
    return List.of(new TensorType(elementType(call), shape));
  }

  /** The element type that all inputs share. */
  private static ElementType elementType(OpCall call) {
    ElementType shared = ElementType.UNDEFINED;
    for (int i = 0; i < call.inputCount(); i++) {
      ElementType type = call.hasInput(i) ? call.type(i).elementType() : ElementType.UNDEFINED;
      if (shared == ElementType.UNDEFINED) {
        shared = type;
      } else if (type != ElementType.UNDEFINED && type != shared) {
        throw new IllegalArgumentException(
            "input "
                + i
                + " is of "
                + type.text()
                + ", the others of "
                + shared.text()
                + "; cast one of them");
      }
    }
    return shared;
  }

  List<Tensor> evaluate(OpCall call) {
    TensorType type = inferTypes(call).getFirst();
    SumForm form = part.elements(call);
    double[] y =
        form.product(
            form.arrange(Box.ofTensor(call.tensor(0))).center(),
            Box.ofTensor(call.tensor(1)).scaledBy(form.scale(1)).center());
    if (call.hasInput(SumForm.ADDEND)) {
      Box addend = Box.ofTensor(call.tensor(SumForm.ADDEND));
      LinearSums.add(y, form.addend(addend.scaledBy(form.scale(SumForm.ADDEND)).center()));
    }
    if (call.hasInput(residual)) {
      LinearSums.add(y, call.tensor(residual).toDoubles());
    }
    Activation activation = activation(call);
    if (!(activation instanceof Activation.None)) {
      for (int i = 0; i < y.length; i++) {
        y[i] = activation.apply(y[i]);
      }
    }
    return List.of(Tensor.ofDoubles(type.elementType(), type.shape(), y));
  }

  List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    SumForm form = form(call, ranges, List.of());
    LinearSums sums = form == null ? null : LinearSums.of(form, call, ranges, residual);
    return List.of(sums == null ? unknownSums(call) : range(call, sums));
  }

  /** Where sums may be anything, an activation such as Clip still leaves a range. */
  private Range unknownSums(OpCall call) {
    return Range.of(Transfers.stored(elementType(call), activation(call).image(Interval.ALL)));
  }

  private Range range(OpCall call, LinearSums sums) {
    Activation activation = activation(call);
    ElementType type = elementType(call);
    List<Interval> images =
        sums.intervals().stream()
            .map(sum -> Transfers.stored(type, activation.image(sum)))
            .toList();
    return switch (sums.form().result()) {
      case Spread.Uniform _ -> Range.of(images.getFirst());
      case Spread.Along along -> Range.perChannel(along.axis(), images);
      case Spread.Elements _ -> Range.perElement(images);
    };
  }

  List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    for (ErrorBound error : errors) {
      if (error instanceof ErrorBound.Unbounded) {
        return List.of(error);
      }
    }
    if (errors.stream().allMatch(error -> error instanceof ErrorBound.Exact)) {
      return List.of(ErrorBound.EXACT);
    }
    SumForm form = form(call, ranges, errors);
    LinearSums sums = form == null ? null : LinearSums.of(form, call, ranges, residual);
    if (form == null || sums == null) {
      return List.of(ErrorBound.unbounded("an input has no finite range or no known shape"));
    }
    double[] moved = moved(call, sums, errors);
    double factor = activation(call).lipschitz();
    ElementType type = elementType(call);
    boolean moves = constantMoves(call, errors);
    List<Interval> images = range(call, sums).intervals();
    for (int i = 0; i < moved.length; i++) {
      double slack = LinearSums.slack(form, sums.magnitude()[i] + moved[i]);
      double shift = LinearSums.up(factor * LinearSums.up(moved[i] + 2 * slack));
      double rounding =
          type.isFloat()
              ? Transfers.halfUlp(type, LinearSums.up(images.get(i).magnitude() + shift))
              : 0;
      double width = moves ? Double.POSITIVE_INFINITY : images.get(i).width();
      moved[i] = Math.min(LinearSums.up(shift + 2 * rounding), width);
    }
    return List.of(ErrorBound.of(form.result(), moved));
  }

  /** Whether results may leave the range of the call, which holds for its constants as they are. */
  private static boolean constantMoves(OpCall call, List<ErrorBound> errors) {
    for (int i = 0; i < errors.size(); i++) {
      if (call.constant(i) != null && !(errors.get(i) instanceof ErrorBound.Exact)) {
        return true;
      }
    }
    return false;
  }

  /** How far each sum moves when the operands move by their errors. */
  private double[] moved(OpCall call, LinearSums sums, List<ErrorBound> errors) {
    SumForm form = sums.form();
    Box first = form.arrange(Box.symmetric(errors(form, call, 0, errors)));
    double[] second = Box.symmetric(errors(form, call, 1, errors)).scaledBy(form.scale(1)).radius();
    double[] moved = form.product(first.radius(), plus(sums.second(), second));
    LinearSums.add(moved, form.product(sums.first(), second));
    if (call.hasInput(SumForm.ADDEND)) {
      Box addend = Box.symmetric(errors(form, call, SumForm.ADDEND, errors));
      LinearSums.add(moved, form.addend(addend.scaledBy(form.scale(SumForm.ADDEND)).radius()));
    }
    if (call.hasInput(residual)) {
      Shape shape = call.type(residual).shape();
      LinearSums.add(moved, Box.errors(errors.get(residual), shape, form.result()));
    }
    double inflation = LinearSums.inflation(form);
    for (int i = 0; i < moved.length; i++) {
      moved[i] *= inflation;
    }
    return moved;
  }

  private static double[] errors(SumForm form, OpCall call, int index, List<ErrorBound> errors) {
    return Box.errors(errors.get(index), call.type(index).shape(), form.operand(index));
  }

  private static double[] plus(double[] a, double[] b) {
    double[] sum = a.clone();
    LinearSums.add(sum, b);
    return sum;
  }

  List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    SumForm form = form(call, ranges, List.of());
    LinearSums sums = form == null ? null : LinearSums.of(form, call, ranges, residual);
    if (form == null || sums == null) {
      return List.of(ErrorBound.unbounded("an input has no finite range or no known shape"));
    }
    double factor = activation(call).lipschitz();
    double[] slacks = new double[sums.magnitude().length];
    for (int i = 0; i < slacks.length; i++) {
      slacks[i] = LinearSums.up(factor * LinearSums.slack(form, sums.magnitude()[i]));
    }
    ErrorBound rounding = Transfers.rounding(elementType(call), range(call, sums));
    return List.of(ErrorBound.of(form.result(), slacks).plus(rounding));
  }

  /** The weights and what else an analysis needs of a call. */
  WeightedSum weightedSum(OpCall call) {
    Attributes plain =
        activated
            ? call.attributes()
                .without(Activation.KIND.name())
                .without(Activation.PARAMETERS.name())
            : call.attributes();
    return new WeightedSum(
        1,
        SumForm.ADDEND,
        residual == Integer.MAX_VALUE ? -1 : residual,
        part.factor(call, 1),
        part.factor(call, SumForm.ADDEND),
        activation(call).lipschitz(),
        part.withoutFactors(plain));
  }

  List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    ElementType type = elementType(call);
    SumForm form = part.elements(call);
    double[] magnitudes =
        form.product(
            form.arrange(Box.symmetric(LinearSums.magnitudes(call.tensor(0).toDoubles()))).radius(),
            LinearSums.magnitudes(Box.ofTensor(call.tensor(1)).scaledBy(form.scale(1)).center()));
    if (call.hasInput(SumForm.ADDEND)) {
      Box addend = Box.ofTensor(call.tensor(SumForm.ADDEND));
      double[] scaled = addend.scaledBy(form.scale(SumForm.ADDEND)).center();
      LinearSums.add(magnitudes, form.addend(LinearSums.magnitudes(scaled)));
    }
    if (call.hasInput(residual)) {
      LinearSums.add(magnitudes, LinearSums.magnitudes(call.tensor(residual).toDoubles()));
    }
    Activation activation = activation(call);
    long steps = form.terms() + LinearSums.FURTHER_TERMS;
    double relative = LinearSums.gamma(steps, Transfers.unitRoundoff(type));
    double absolute = steps * Transfers.smallest(type);
    double[] errors = new double[magnitudes.length];
    for (int i = 0; i < errors.length; i++) {
      double sum =
          LinearSums.up(
              relative * magnitudes[i] + absolute + LinearSums.slack(form, magnitudes[i]));
      double applied =
          activation.lipschitz() * sum
              + ActivationRounding.of(activation, type, magnitudes[i] + sum);
      errors[i] =
          LinearSums.up(
              applied + Transfers.halfUlp(type, Math.abs(outputs.getFirst().doubleAt(i))));
    }
    return List.of(ErrorBound.perElement(errors));
  }

  /**
   * The slots over which bounds are computed: elements where an input that is not a constant has
   * one bound for each element, else channels.
   */
  private @Nullable SumForm form(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    var _ = part.shape(call); // refuses what does not fit
    boolean isStatic = true;
    for (int i = 0; i < call.inputCount(); i++) {
      isStatic &= !call.hasInput(i) || call.type(i).shape().isStatic();
    }
    boolean fine = isFine(call, 0, ranges, errors) || isFine(call, residual, ranges, errors);
    boolean weighted = call.constant(1) != null;
    if (isStatic && (fine || (!weighted && isFine(call, 1, ranges, errors)))) {
      return part.elements(call);
    }
    return part.channels(call);
  }

  private static boolean isFine(
      OpCall call, int index, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    if (!call.hasInput(index)) {
      return false;
    }
    Range range = index < ranges.size() ? ranges.get(index) : null;
    boolean fineRange = range != null && range.spread() instanceof Spread.Elements;
    return fineRange
        || (index < errors.size() && errors.get(index).spread() instanceof Spread.Elements);
  }
}
