package dev.fixpoint.transform;

import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.rulelang.Computed;
import dev.fixpoint.rulelang.ConditionLibrary;
import dev.fixpoint.rulelang.ConditionLibrary.Parameter;
import dev.fixpoint.rulelang.NativeCall;
import dev.fixpoint.rulelang.NativeLibrary;
import dev.fixpoint.rulelang.RuleLoader;
import dev.fixpoint.rulelang.RuleVocabulary;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.List;

/** Loads the rules of the catalogue that are text, with the functions and conditions they name. */
final class RuleFiles {
  private static final NativeLibrary FUNCTIONS =
      NativeLibrary.EMPTY
          .with("permutation", 2, RuleFiles::permutation)
          .with("smallest", 1, RuleFiles::smallest)
          .with("attention_scale", 2, RuleFiles::attentionScale);

  private static final ConditionLibrary CONDITIONS =
      ConditionLibrary.standard()
          .with(
              "holds_every_number",
              List.of(Parameter.VALUE, Parameter.VALUE),
              of -> CatalogueConditions.holdsEveryNumber(of.value(0), of.value(1)))
          .with(
              "is_row",
              List.of(Parameter.VALUE, Parameter.VALUE),
              of -> CatalogueConditions.isRow(of.value(0), of.value(1)));

  private static final RuleLoader LOADER =
      new RuleLoader(
          RuleVocabulary.STANDARD.withFunctions(FUNCTIONS).withConditions(CONDITIONS));

  private RuleFiles() {}

  /** The rules of a resource below this package. */
  static RuleSet load(String name) {
    return LOADER.load(RuleFiles.class, name);
  }

  /**
   * {@code permutation(p, n)}: p, or n - 1, ..., 1, 0 where it is absent, as for Transpose of n
   * dimensions.
   */
  private static List<Computed> permutation(NativeCall call) {
    int rank = Math.toIntExact(call.integer(1));
    Computed given = call.find(0);
    if (given != null) {
      return List.of(given);
    }
    long[] reversed = new long[rank];
    for (int i = 0; i < rank; i++) {
      reversed[i] = rank - 1 - i;
    }
    return List.of(Computed.untyped(Tensor.vector(reversed)));
  }

  /** {@code smallest(c)}: the smallest integer of the element type of a constant. */
  private static List<Computed> smallest(NativeCall call) {
    ElementType type = call.tensor(0).stored();
    if (type == null || !type.isInteger()) {
      throw call.refuse("there is no smallest number");
    }
    return List.of(Computed.integer(type.minInteger()));
  }

  /** {@code attention_scale(s, n)}: s, or {@code 1/√n} where it is absent. */
  private static List<Computed> attentionScale(NativeCall call) {
    Computed given = call.find(0);
    return List.of(
        given != null ? given : Computed.number(1 / Math.sqrt(call.number(1))));
  }
}
