package dev.fixpoint.op;

import dev.fixpoint.tensor.ElementType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The signature of an operator: inputs, outputs and attributes by name, the opset versions that
 * defined it, and one line of documentation.
 *
 * @param id domain and name
 * @param versions opset versions that introduced or changed the operator, ascending; the graph
 *     holds the form of opset 21, or the first form of a newer operator
 * @param inputs inputs in order; only the last may be variadic
 * @param outputs outputs in order; only the last may be variadic
 * @param attributes keys of all attributes
 * @param doc one line
 */
public record OpSchema(
    OpId id,
    List<Integer> versions,
    List<Parameter> inputs,
    List<Parameter> outputs,
    List<Attribute<?>> attributes,
    String doc) {

  /** Whether an input or output may be absent or repeated. */
  public enum Arity {
    /** Always there. */
    REQUIRED,
    /** May be absent. */
    OPTIONAL,
    /** Any number, at least one, at the end of the list. */
    VARIADIC
  }

  /**
   * An input or output.
   *
   * @param name name in the specification, such as {@code X}
   * @param arity whether it may be absent or repeated
   * @param types element types that it may have
   */
  public record Parameter(String name, Arity arity, Set<ElementType> types) {
    /** Keeps an immutable copy. */
    public Parameter {
      types = Set.copyOf(types);
    }
  }

  /** Keeps immutable copies. */
  public OpSchema {
    versions = List.copyOf(versions);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = List.copyOf(attributes);
  }

  /** Starts the schema of an operator of the standard domain. */
  public static Builder of(String name) {
    return new Builder(OpId.of(name));
  }

  /** Starts the schema of an operator of any domain. */
  public static Builder of(OpId id) {
    return new Builder(id);
  }

  /** The key of an attribute, by name. */
  public Optional<Attribute<?>> attribute(String name) {
    return attributes.stream().filter(key -> key.name().equals(name)).findFirst();
  }

  /** The input at a position; positions beyond a variadic one mean that one. */
  public Optional<Parameter> input(int index) {
    return at(inputs, index);
  }

  /** The output at a position; positions beyond a variadic one mean that one. */
  public Optional<Parameter> output(int index) {
    return at(outputs, index);
  }

  private static Optional<Parameter> at(List<Parameter> parameters, int index) {
    if (index < parameters.size()) {
      return Optional.of(parameters.get(index));
    }
    return !parameters.isEmpty() && parameters.getLast().arity() == Arity.VARIADIC
        ? Optional.of(parameters.getLast())
        : Optional.empty();
  }

  /** Sets of element types that schemas name. */
  public static final class Types {
    /** float16, bfloat16, float32, float64. */
    public static final Set<ElementType> FLOATS =
        Set.of(ElementType.FLOAT16, ElementType.BFLOAT16, ElementType.FLOAT, ElementType.DOUBLE);

    /** Integers of 8 bits and more. */
    public static final Set<ElementType> INTEGERS =
        Set.of(
            ElementType.INT8,
            ElementType.INT16,
            ElementType.INT32,
            ElementType.INT64,
            ElementType.UINT8,
            ElementType.UINT16,
            ElementType.UINT32,
            ElementType.UINT64);

    /** {@link #FLOATS} and {@link #INTEGERS}. */
    public static final Set<ElementType> NUMBERS = union(FLOATS, INTEGERS);

    /** Truth values. */
    public static final Set<ElementType> BOOL = Set.of(ElementType.BOOL);

    /** int32 and int64, the types of indices. */
    public static final Set<ElementType> INDICES = Set.of(ElementType.INT32, ElementType.INT64);

    /** int64, the type of shapes and axes. */
    public static final Set<ElementType> INT64 = Set.of(ElementType.INT64);

    /** int8 and uint8. */
    public static final Set<ElementType> BYTES = Set.of(ElementType.INT8, ElementType.UINT8);

    /** Every type that a tensor can have. */
    public static final Set<ElementType> ALL =
        EnumSet.complementOf(EnumSet.of(ElementType.UNDEFINED));

    private Types() {}

    /** The types in either set. */
    public static Set<ElementType> union(Set<ElementType> a, Set<ElementType> b) {
      EnumSet<ElementType> both = EnumSet.copyOf(a);
      both.addAll(b);
      return Set.copyOf(both);
    }
  }

  /** Collects the parts of a schema in the order of the specification. */
  public static final class Builder {
    private final OpId id;
    private final List<Integer> versions = new ArrayList<>();
    private final List<Parameter> inputs = new ArrayList<>();
    private final List<Parameter> outputs = new ArrayList<>();
    private final List<Attribute<?>> attributes = new ArrayList<>();

    private Builder(OpId id) {
      this.id = id;
    }

    /** The opset versions that introduced or changed the operator. */
    public Builder versions(Integer... newVersions) {
      versions.addAll(List.of(newVersions));
      return this;
    }

    /** Adds a required input. */
    public Builder input(String name, Set<ElementType> types) {
      inputs.add(new Parameter(name, Arity.REQUIRED, types));
      return this;
    }

    /** Adds an optional input. */
    public Builder optionalInput(String name, Set<ElementType> types) {
      inputs.add(new Parameter(name, Arity.OPTIONAL, types));
      return this;
    }

    /** Adds the variadic last input. */
    public Builder variadicInput(String name, Set<ElementType> types) {
      inputs.add(new Parameter(name, Arity.VARIADIC, types));
      return this;
    }

    /** Adds a required output. */
    public Builder output(String name, Set<ElementType> types) {
      outputs.add(new Parameter(name, Arity.REQUIRED, types));
      return this;
    }

    /** Adds an optional output. */
    public Builder optionalOutput(String name, Set<ElementType> types) {
      outputs.add(new Parameter(name, Arity.OPTIONAL, types));
      return this;
    }

    /** Adds the variadic last output. */
    public Builder variadicOutput(String name, Set<ElementType> types) {
      outputs.add(new Parameter(name, Arity.VARIADIC, types));
      return this;
    }

    /** Adds attributes. */
    public Builder attributes(Attribute<?>... keys) {
      attributes.addAll(List.of(keys));
      return this;
    }

    /** Ends the schema with its line of documentation. */
    public OpSchema doc(String doc) {
      return new OpSchema(id, versions, inputs, outputs, attributes, doc);
    }
  }
}
