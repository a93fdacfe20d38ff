package dev.fixpoint.ir;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Infers the type of every value from the inputs on, carrying symbolic dimensions and the entries
 * of tensors that describe shapes; what the model declares refines it.
 */
public final class TypeInference {
  private final Map<Value, TensorType> types = new LinkedHashMap<>();
  private final Map<Value, ShapeValue> shapeValues = new LinkedHashMap<>();
  private final Map<Value, Tensor> initializers;
  private final Map<Value, TensorType> declared;

  private TypeInference(GraphParts parts) {
    this.initializers = parts.initializers();
    this.declared = parts.types();
  }

  static TypeInference infer(GraphParts parts, List<Node> sorted) {
    TypeInference inference = new TypeInference(parts);
    for (Value value : parts.inputs()) {
      inference.types.put(value, inference.declared(value));
    }
    for (Value value : parts.captures()) {
      inference.types.put(value, inference.declared(value));
    }
    parts.initializers().forEach((value, tensor) -> inference.types.put(value, tensor.type()));
    sorted.forEach(inference::visit);
    return inference;
  }

  Map<Value, TensorType> types() {
    return Collections.unmodifiableMap(types);
  }

  Map<Value, ShapeValue> shapeValues() {
    return Collections.unmodifiableMap(shapeValues);
  }

  private TensorType declared(Value value) {
    return declared.getOrDefault(value, TensorType.UNKNOWN);
  }

  private void visit(Node node) {
    OpCall call =
        call(
            node,
            value -> types.getOrDefault(value, TensorType.UNKNOWN),
            initializers::get,
            shapeValues::get);
    List<TensorType> inferred = inferTypes(node, call);
    for (int i = 0; i < inferred.size(); i++) {
      Value output = node.output(i);
      TensorType type = inferred.get(i);
      TensorType said = declared(output);
      if (!type.isCompatibleWith(said)) {
        throw ModelException.at(
            node,
            "makes '"
                + output.name()
                + "' of type "
                + type
                + ", but the model declares "
                + said
                + "; correct the declaration or the inputs");
      }
      types.put(output, type.refinedBy(said));
    }
    ShapeValue shapeValue = shapeValue(node, call);
    if (shapeValue != null) {
      shapeValues.put(node.output(), shapeValue);
    }
  }

  /**
   * The types of a node's outputs by its operator's definition.
   *
   * @throws ModelException if the inputs cannot be right, naming the node
   */
  public static List<TensorType> inferTypes(Node node, OpCall call) {
    List<TensorType> inferred = asked(node, () -> node.op().inferTypes(call));
    if (inferred.size() < node.outputs().size()) {
      throw ModelException.at(
          node,
          "has " + node.outputs().size() + " outputs, but the operator makes " + inferred.size());
    }
    return inferred.subList(0, node.outputs().size());
  }

  /**
   * What a node's operator knows of the entries of its output, or null.
   *
   * @throws ModelException if the inputs cannot be right, naming the node
   */
  public static @Nullable ShapeValue shapeValue(Node node, OpCall call) {
    return asked(node, () -> node.op().shapeValue(call));
  }

  /** The answer of an operator's definition; what it refuses is refused with the node's name. */
  private static <T extends @Nullable Object> T asked(Node node, Supplier<T> question) {
    try {
      return question.get();
    } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
      throw new ModelException(node.describe() + ": " + e.getMessage(), e);
    } catch (IndexOutOfBoundsException | NoSuchElementException | NegativeArraySizeException e) {
      throw new ModelException(
          node.describe()
              + " has too few inputs or outputs, or a list of the wrong length; correct it ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  /** The call of a node as its operator's definition sees it within a graph. */
  public static OpCall call(GraphView graph, Node node) {
    return call(node, graph::type, graph::constant, graph::shapeValue);
  }

  /**
   * The call of a node whose inputs are known by functions of their values.
   *
   * @param types type of a value
   * @param constants tensor of a value that is constant, else null
   * @param shapeValues what is known of the entries of a value that describes a shape, or null
   */
  public static OpCall call(
      Node node,
      Function<Value, TensorType> types,
      Function<Value, @Nullable Tensor> constants,
      Function<Value, @Nullable ShapeValue> shapeValues) {
    List<@Nullable TensorType> inputTypes = new ArrayList<>();
    List<@Nullable Tensor> tensors = new ArrayList<>();
    List<@Nullable ShapeValue> shapes = new ArrayList<>();
    for (Value input : node.inputs()) {
      Tensor constant = input == null ? null : constants.apply(input);
      inputTypes.add(input == null ? null : types.apply(input));
      tensors.add(constant);
      if (constant != null) {
        shapes.add(ShapeValue.ofTensor(constant));
      } else {
        shapes.add(input == null ? null : shapeValues.apply(input));
      }
    }
    return OpCall.of(node.attributes(), inputTypes, tensors, shapes, node.outputs().size())
        .withSources(node.inputs());
  }
}
