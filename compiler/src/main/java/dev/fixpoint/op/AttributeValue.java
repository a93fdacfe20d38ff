package dev.fixpoint.op;

import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/** The value of an attribute: one of the kinds of ONNX's {@code AttributeProto}. */
public sealed interface AttributeValue {
  /** A 64-bit integer. */
  record OfInt(long value) implements AttributeValue {}

  /** A float32 number. */
  record OfFloat(float value) implements AttributeValue {}

  /** A string. */
  record OfString(String value) implements AttributeValue {}

  /** A tensor. */
  record OfTensor(Tensor value) implements AttributeValue {}

  /** A tensor type. */
  record OfType(TensorType value) implements AttributeValue {}

  /** A subgraph. */
  record OfGraph(Body value) implements AttributeValue {}

  /** A list of 64-bit integers. */
  record OfInts(List<Long> value) implements AttributeValue {
    /** Keeps an immutable copy. */
    public OfInts {
      value = List.copyOf(value);
    }
  }

  /** A list of float32 numbers. */
  record OfFloats(List<Float> value) implements AttributeValue {
    /** Keeps an immutable copy. */
    public OfFloats {
      value = List.copyOf(value);
    }
  }

  /** A list of strings. */
  record OfStrings(List<String> value) implements AttributeValue {
    /** Keeps an immutable copy. */
    public OfStrings {
      value = List.copyOf(value);
    }
  }

  /** A list of tensors. */
  record OfTensors(List<Tensor> value) implements AttributeValue {
    /** Keeps an immutable copy. */
    public OfTensors {
      value = List.copyOf(value);
    }
  }

  /** A list of tensor types. */
  record OfTypes(List<TensorType> value) implements AttributeValue {
    /** Keeps an immutable copy. */
    public OfTypes {
      value = List.copyOf(value);
    }
  }

  /** A list of subgraphs. */
  record OfGraphs(List<Body> value) implements AttributeValue {
    /** Keeps an immutable copy. */
    public OfGraphs {
      value = List.copyOf(value);
    }
  }

  /** The value itself, without the record around it. */
  default Object content() {
    return switch (this) {
      case OfInt v -> v.value;
      case OfFloat v -> v.value;
      case OfString v -> v.value;
      case OfTensor v -> v.value;
      case OfType v -> v.value;
      case OfGraph v -> v.value;
      case OfInts v -> v.value;
      case OfFloats v -> v.value;
      case OfStrings v -> v.value;
      case OfTensors v -> v.value;
      case OfTypes v -> v.value;
      case OfGraphs v -> v.value;
    };
  }
}
