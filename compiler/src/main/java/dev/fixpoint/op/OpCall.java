package dev.fixpoint.op;

import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of an operator, as its definition sees it: attributes, the types of its inputs, the
 * inputs that are known, and which outputs are wanted. No neighbours, no names.
 */
public final class OpCall {
  private final Attributes attributes;
  private final List<@Nullable TensorType> types;
  private final List<@Nullable Tensor> tensors;
  private final List<@Nullable ShapeValue> shapeValues;
  private final int outputCount;
  private final List<?> sources;

  private OpCall(
      Attributes attributes,
      List<@Nullable TensorType> types,
      List<@Nullable Tensor> tensors,
      List<@Nullable ShapeValue> shapeValues,
      int outputCount,
      List<?> sources) {
    this.attributes = attributes;
    this.types = Collections.unmodifiableList(new ArrayList<>(types));
    this.tensors = Collections.unmodifiableList(new ArrayList<>(tensors));
    this.shapeValues = Collections.unmodifiableList(new ArrayList<>(shapeValues));
    this.outputCount = outputCount;
    this.sources = sources;
  }

  /**
   * A call with partly known inputs, as analyses make it. The lists run in parallel; an absent
   * input is null in each.
   *
   * @param outputCount number of outputs that the node has, unused trailing ones not counted
   */
  public static OpCall of(
      Attributes attributes,
      List<@Nullable TensorType> types,
      List<@Nullable Tensor> constants,
      List<@Nullable ShapeValue> shapeValues,
      int outputCount) {
    return new OpCall(attributes, types, constants, shapeValues, outputCount, List.of());
  }

  /**
   * This call, with something for each input that is the same object where two inputs are the same
   * value.
   */
  public OpCall withSources(List<?> inputs) {
    return new OpCall(attributes, types, tensors, shapeValues, outputCount, inputs);
  }

  /** A call with all inputs known, as an evaluation makes it; an absent input is null. */
  public static OpCall ofTensors(
      Attributes attributes, List<@Nullable Tensor> inputs, int outputCount) {
    List<@Nullable TensorType> types = new ArrayList<>();
    List<@Nullable ShapeValue> shapeValues = new ArrayList<>();
    for (Tensor input : inputs) {
      types.add(input == null ? null : input.type());
      shapeValues.add(input == null ? null : ShapeValue.ofTensor(input));
    }
    return new OpCall(attributes, types, inputs, shapeValues, outputCount, List.of());
  }

  /** The attributes. */
  public Attributes attributes() {
    return attributes;
  }

  /** The value of an attribute, or its default; throws where there is neither. */
  public <T> T get(Attribute<T> key) {
    return attributes.get(key);
  }

  /** Number of inputs, absent ones in the middle included. */
  public int inputCount() {
    return types.size();
  }

  /** Number of outputs that the node has. */
  public int outputCount() {
    return outputCount;
  }

  /** Whether the input is there. */
  public boolean hasInput(int index) {
    return index < types.size() && types.get(index) != null;
  }

  /** Whether two inputs are known to be the same value, as in {@code Mul(x, x)}. */
  public boolean isSame(int index, int other) {
    return index < sources.size()
        && other < sources.size()
        && sources.get(index) == sources.get(other);
  }

  /** The type of an input; throws when absent. */
  public TensorType type(int index) {
    TensorType type = index < types.size() ? types.get(index) : null;
    if (type == null) {
      throw new IllegalArgumentException("input " + index + " is missing");
    }
    return type;
  }

  /** The tensor of an input that is known, or null. */
  public @Nullable Tensor constant(int index) {
    return index < tensors.size() ? tensors.get(index) : null;
  }

  /** The tensor of an input; throws when absent or not known. */
  public Tensor tensor(int index) {
    Tensor tensor = constant(index);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "input " + index + (hasInput(index) ? " is not known here" : " is missing"));
    }
    return tensor;
  }

  /** What is known of the entries of an input that describes a shape, or null. */
  public @Nullable ShapeValue shapeValue(int index) {
    return index < shapeValues.size() ? shapeValues.get(index) : null;
  }
}
