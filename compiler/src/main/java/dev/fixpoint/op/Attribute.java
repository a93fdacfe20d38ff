package dev.fixpoint.op;

import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The typed key of an attribute: its name, its kind, and its default where the schema gives one.
 *
 * @param <T> what {@link Attributes#get} returns for this key
 */
public final class Attribute<T> {
  private final String name;
  private final Class<? extends AttributeValue> kind;
  private final Function<T, AttributeValue> wrap;
  private final @Nullable T defaultValue;
  private final boolean required;

  private Attribute(
      String name,
      Class<? extends AttributeValue> kind,
      Function<T, AttributeValue> wrap,
      @Nullable T defaultValue,
      boolean required) {
    this.name = name;
    this.kind = kind;
    this.wrap = wrap;
    this.defaultValue = defaultValue;
    this.required = required;
  }

  /** An integer attribute that may be absent. */
  public static Attribute<Long> ofInt(String name) {
    return new Attribute<>(
        name, AttributeValue.OfInt.class, AttributeValue.OfInt::new, null, false);
  }

  /** An integer attribute with a default. */
  public static Attribute<Long> ofInt(String name, long defaultValue) {
    return Attribute.ofInt(name).withDefault(defaultValue);
  }

  /** A float attribute that may be absent. */
  public static Attribute<Float> ofFloat(String name) {
    return new Attribute<>(
        name, AttributeValue.OfFloat.class, AttributeValue.OfFloat::new, null, false);
  }

  /** A float attribute with a default. */
  public static Attribute<Float> ofFloat(String name, float defaultValue) {
    return Attribute.ofFloat(name).withDefault(defaultValue);
  }

  /** A string attribute that may be absent. */
  public static Attribute<String> ofString(String name) {
    return new Attribute<>(
        name, AttributeValue.OfString.class, AttributeValue.OfString::new, null, false);
  }

  /** A string attribute with a default. */
  public static Attribute<String> ofString(String name, String defaultValue) {
    return Attribute.ofString(name).withDefault(defaultValue);
  }

  /** An attribute that is a list of integers and may be absent. */
  public static Attribute<List<Long>> ofInts(String name) {
    return new Attribute<>(
        name, AttributeValue.OfInts.class, AttributeValue.OfInts::new, null, false);
  }

  /** An attribute that is a list of floats and may be absent. */
  public static Attribute<List<Float>> ofFloats(String name) {
    return new Attribute<>(
        name, AttributeValue.OfFloats.class, AttributeValue.OfFloats::new, null, false);
  }

  /** An attribute that is a list of strings and may be absent. */
  public static Attribute<List<String>> ofStrings(String name) {
    return new Attribute<>(
        name, AttributeValue.OfStrings.class, AttributeValue.OfStrings::new, null, false);
  }

  /** A tensor attribute that may be absent. */
  public static Attribute<Tensor> ofTensor(String name) {
    return new Attribute<>(
        name, AttributeValue.OfTensor.class, AttributeValue.OfTensor::new, null, false);
  }

  /** A type attribute that may be absent. */
  public static Attribute<TensorType> ofType(String name) {
    return new Attribute<>(
        name, AttributeValue.OfType.class, AttributeValue.OfType::new, null, false);
  }

  /** A subgraph attribute that may be absent. */
  public static Attribute<Body> ofGraph(String name) {
    return new Attribute<>(
        name, AttributeValue.OfGraph.class, AttributeValue.OfGraph::new, null, false);
  }

  /** This key with a default. */
  public Attribute<T> withDefault(T value) {
    return new Attribute<>(name, kind, wrap, value, false);
  }

  /** This key for an attribute that every node must have. */
  public Attribute<T> required() {
    return new Attribute<>(name, kind, wrap, null, true);
  }

  /** Name of the attribute in ONNX. */
  public String name() {
    return name;
  }

  /** Which kind of value the attribute holds. */
  public Class<? extends AttributeValue> kind() {
    return kind;
  }

  /** The default, or null where the schema gives none. */
  public @Nullable T defaultValue() {
    return defaultValue;
  }

  /** The default as the value of an attribute, or null where the schema gives none. */
  public @Nullable AttributeValue defaultAttribute() {
    return defaultValue == null ? null : wrap.apply(defaultValue);
  }

  /** Whether every node must have the attribute. */
  public boolean isRequired() {
    return required;
  }

  AttributeValue wrap(T value) {
    return wrap.apply(value);
  }

  @SuppressWarnings("unchecked") // the kind decides the type, and is checked here
  T unwrap(AttributeValue value) {
    if (!kind.isInstance(value)) {
      throw new IllegalArgumentException(
          "attribute '"
              + name
              + "' should be "
              + kindText(kind)
              + ", but is "
              + kindText(value.getClass()));
    }
    return (T) value.content();
  }

  private static String kindText(Class<?> kind) {
    return kind.getSimpleName().substring(2).toUpperCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return name;
  }
}
