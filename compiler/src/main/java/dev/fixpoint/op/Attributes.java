package dev.fixpoint.op;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The attributes of one node: an immutable map from name to value, in the order of the file. */
public final class Attributes {
  /** No attributes. */
  public static final Attributes NONE = new Attributes(Map.of());

  private final Map<String, AttributeValue> values;

  private Attributes(Map<String, AttributeValue> values) {
    this.values = values;
  }

  /** The attributes in the given map. */
  public static Attributes of(Map<String, AttributeValue> values) {
    return values.isEmpty()
        ? NONE
        : new Attributes(Collections.unmodifiableMap(new LinkedHashMap<>(values)));
  }

  /** These attributes with one more or one changed. */
  public <T> Attributes with(Attribute<T> key, T value) {
    Map<String, AttributeValue> changed = new LinkedHashMap<>(values);
    changed.put(key.name(), key.wrap(value));
    return of(changed);
  }

  /** These attributes without one. */
  public Attributes without(String name) {
    Map<String, AttributeValue> changed = new LinkedHashMap<>(values);
    changed.remove(name);
    return of(changed);
  }

  /** Whether the attribute is given. */
  public boolean has(Attribute<?> key) {
    return values.containsKey(key.name());
  }

  /**
   * The value of an attribute, or its default.
   *
   * @throws IllegalArgumentException if it is absent without a default, or of another kind
   */
  public <T> T get(Attribute<T> key) {
    T value = find(key);
    if (value == null) {
      throw new IllegalArgumentException("attribute '" + key.name() + "' is missing");
    }
    return value;
  }

  /** The value of an attribute, or its default, or null. */
  public <T> @Nullable T find(Attribute<T> key) {
    AttributeValue value = values.get(key.name());
    return value == null ? key.defaultValue() : key.unwrap(value);
  }

  /** An integer attribute, or its default, as an int; throws when absent or too large. */
  public int getInt(Attribute<Long> key) {
    return Math.toIntExact(get(key));
  }

  /** Whether an integer attribute, or its default, is not 0. */
  public boolean isSet(Attribute<Long> key) {
    Long value = find(key);
    return value != null && value != 0;
  }

  /** All attributes by name. */
  public Map<String, AttributeValue> values() {
    return values;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Attributes attributes && values.equals(attributes.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
