package dev.fixpoint.rewrite;

import java.util.SplittableRandom;

/**
 * Changes a generated graph so that a condition holds at a match, or so that it fails there. Tests
 * use hooks to reach what random graphs rarely show; a compilation never calls one.
 */
@FunctionalInterface
public interface Hook {
  /**
   * Changes the graph that the match is in.
   *
   * @param graph takes the changes; the match keeps describing the graph as it was
   * @param match where the condition is to hold or to fail
   * @param random source of all choices, so that a seed gives the same change again
   * @return false where the hook sees no way here; what it changed is then dropped
   */
  boolean edit(GraphEdit graph, Match match, SplittableRandom random);
}
