package dev.fixpoint.rulelang;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The native functions that rules may call, by name. Immutable: adding one gives a new library. */
public final class NativeLibrary {
  /** No functions. */
  public static final NativeLibrary EMPTY = new NativeLibrary(Map.of());

  private static final NativeLibrary STANDARD = StandardFunctions.library();

  private final Map<String, Entry> entries;

  private NativeLibrary(Map<String, Entry> entries) {
    this.entries = entries;
  }

  /**
   * A function with what a loader checks.
   *
   * @param name name in rules, in snake case
   * @param least fewest arguments
   * @param most most arguments
   * @param results number of results
   * @param function computes the results
   */
  public record Entry(String name, int least, int most, int results, NativeFunction function) {}

  /** The functions that come with the rule language. */
  public static NativeLibrary standard() {
    return STANDARD;
  }

  /**
   * This library with one more function.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public NativeLibrary with(
      String name, int least, int most, int results, NativeFunction function) {
    Map<String, Entry> more = new LinkedHashMap<>(entries);
    if (more.put(name, new Entry(name, least, most, results, function)) != null) {
      throw new IllegalArgumentException("two native functions are named '" + name + "'");
    }
    return new NativeLibrary(more);
  }

  /** This library with one more function of a fixed number of arguments and one result. */
  public NativeLibrary with(String name, int arguments, NativeFunction function) {
    return with(name, arguments, arguments, 1, function);
  }

  /** The functions of both. */
  public NativeLibrary plus(NativeLibrary other) {
    NativeLibrary both = this;
    for (Entry entry : other.entries.values()) {
      both = both.with(entry.name, entry.least, entry.most, entry.results, entry.function);
    }
    return both;
  }

  /** The function with a name, if there is one. */
  public Optional<Entry> find(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /** The names of all functions. */
  public List<String> names() {
    return List.copyOf(entries.keySet());
  }
}
