package dev.fixpoint.rulelang;

import dev.fixpoint.rewrite.RuleSet;
import java.util.List;
import java.util.ServiceLoader;

/**
 * Rules that a program finds on its class or module path: from Java, or from a resource by {@link
 * RuleLoader#load(Class, String)}. To provide some, name the implementation in the file {@code
 * META-INF/services/dev.fixpoint.rulelang.RuleLibrary}, or by {@code provides} in a module.
 *
 * <pre>{@code
 * public final class ActivationRules implements RuleLibrary {
 *   public RuleSet rules() {
 *     return RuleLoader.STANDARD.load(ActivationRules.class, "activations.rules");
 *   }
 * }
 * }</pre>
 */
@FunctionalInterface
public interface RuleLibrary {
  /** The rules, with names that no other library uses. */
  RuleSet rules();

  /**
   * The rules of all libraries that can be found, in the order in which they are.
   *
   * @throws java.util.ServiceConfigurationError if a library cannot be made
   * @throws IllegalArgumentException if two rules have the same name
   */
  static RuleSet installed() {
    RuleSet all = new RuleSet(List.of());
    for (RuleLibrary library : ServiceLoader.load(RuleLibrary.class)) {
      all = all.plus(library.rules());
    }
    return all;
  }
}
