package dev.fixpoint.op;

/**
 * The identity of an operator: domain and name, as in ONNX.
 *
 * @param domain operator set domain; empty for the standard operators
 * @param name operator name, such as {@code Conv}
 */
public record OpId(String domain, String name) {
  /** The domain of the operators that this project adds. */
  public static final String FIXPOINT = "dev.fixpoint";

  /** The domain of ONNX Runtime's contributed operators. */
  public static final String MICROSOFT = "com.microsoft";

  /** Writes the standard domain's long name {@code ai.onnx} as the empty one. */
  public OpId {
    domain = domain.equals("ai.onnx") ? "" : domain;
    if (name.isEmpty()) {
      throw new IllegalArgumentException("an operator needs a name");
    }
  }

  /** An operator of the standard domain. */
  public static OpId of(String name) {
    return new OpId("", name);
  }

  /** An operator of the domain {@link #FIXPOINT}. */
  public static OpId fixpoint(String name) {
    return new OpId(FIXPOINT, name);
  }

  /** An operator of the domain {@link #MICROSOFT}. */
  public static OpId microsoft(String name) {
    return new OpId(MICROSOFT, name);
  }

  /** The name with its domain in front where that is not the standard one. */
  @Override
  public String toString() {
    return domain.isEmpty() ? name : domain + "." + name;
  }
}
