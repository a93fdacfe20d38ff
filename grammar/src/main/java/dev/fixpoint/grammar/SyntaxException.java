package dev.fixpoint.grammar;

/**
 * A text that cannot be understood. The message names the place and the mend: {@code
 * model.onnxtxt:3:7: found ')', expected ',' or '>'}. Readers of parse trees throw it, too, so that
 * an unknown operator is reported like a missing comma.
 */
public final class SyntaxException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final SourceRange range;
  private final String problem;

  /**
   * A problem at a place.
   *
   * @param problem what was found and what was expected, without the place
   */
  public SyntaxException(SourceRange range, String problem) {
    super(range + ": " + problem);
    this.range = range;
    this.problem = problem;
  }

  /** Where the problem is. */
  public SourceRange range() {
    return range;
  }

  /** The message without the place. */
  public String problem() {
    return problem;
  }
}
