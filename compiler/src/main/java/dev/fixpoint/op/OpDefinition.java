package dev.fixpoint.op;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operator in one place: signature, types, meaning, and how ranges and errors pass through it.
 *
 * <p>To add an operator:
 *
 * <ol>
 *   <li>Write one class with these members in this order: {@code SCHEMA}, {@link #inferTypes},
 *       {@link #evaluate}, {@link #rangeTransfer}, {@link #errorTransfer}, {@link #localError}.
 *       {@link Transfers} has the usual forms of the last three.
 *   <li>Add it to a catalogue ({@code StandardOps}, {@code QuantOps}), or to a registry of your own
 *       by {@link OpRegistry#plus}.
 *   <li>Write a case file {@code ops/Name.case} with two or three graphs in ONNX text.
 * </ol>
 *
 * <p>Reader, writer, verifier, interpreter, analyses, runtime and the contract tests then know it.
 * Definitions have no state.
 */
public interface OpDefinition {
  /** The signature. */
  OpSchema schema();

  /** Domain and name. */
  default OpId id() {
    return schema().id();
  }

  /**
   * Types of all outputs that the node has, as exact as the types and known inputs allow. Unknown
   * dimensions are carried, not guessed.
   *
   * @throws IllegalArgumentException if the inputs cannot be right, naming what is wrong
   */
  List<TensorType> inferTypes(OpCall call);

  /**
   * The reference semantics: floating-point operators compute in double and round once to the
   * output's element type; integer operators compute in exact integers and throw on overflow.
   *
   * @throws ArithmeticException if an integer result does not fit
   * @throws IllegalArgumentException if the inputs cannot be right
   */
  List<Tensor> evaluate(OpCall call);

  /**
   * Ranges that hold the outputs, real and reference, for all inputs in their ranges.
   *
   * @param ranges range of each input, null where absent
   */
  List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges);

  /**
   * How far the reference outputs move at most when each input moves by at most its error, inside
   * the ranges; the roundings of both evaluations included.
   *
   * @param ranges range of each input, moved or not, null where absent
   * @param errors error of each input, {@link ErrorBound#EXACT} where absent
   */
  List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors);

  /**
   * Distance of the reference outputs from the real function that the operator stands for: the
   * rounding of a float operator, half a step of a quantizer.
   */
  List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges);

  /**
   * Whether the real numbers that the outputs stand for may lie outside of {@link #rangeTransfer},
   * by as much as the local error: a quantizer stands for the identity.
   */
  default boolean approximates() {
    return false;
  }

  /**
   * Distance of any float implementation that adds and multiplies in the element type, in any
   * order, from the reference outputs, at the given inputs. Integer and index operators are exact.
   *
   * @param call with all inputs known
   * @param outputs the reference outputs
   */
  default List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(
        outputs.size(), ErrorBound.unbounded("no rounding bound is stated for " + id()));
  }

  /** What is known of the output that describes a shape, or null. */
  default @Nullable ShapeValue shapeValue(OpCall call) {
    return null;
  }

  /**
   * Number of multiply-accumulates of a call whose types are static; 0 for operators that are not
   * counted in them.
   */
  default long multiplyAccumulates(OpCall call) {
    return 0;
  }

  /**
   * The weighted sum that a call computes, so that an analysis can look at its weights; null where
   * the operator is something else.
   */
  default @Nullable WeightedSum weightedSum(OpCall call) {
    return null;
  }

  /** This call in operators that everybody knows, or null where the operator is one itself. */
  default @Nullable Expansion expansion(OpCall call) {
    return null;
  }

  /** Whether evaluation gives the same outputs for the same inputs; random operators do not. */
  default boolean isDeterministic() {
    return true;
  }
}
