package dev.fixpoint.transform;

import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Conditions;
import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.rulelang.Computed;
import dev.fixpoint.rulelang.ConditionLibrary;
import dev.fixpoint.rulelang.ConditionLibrary.Parameter;
import dev.fixpoint.rulelang.NativeCall;
import dev.fixpoint.rulelang.NativeLibrary;
import dev.fixpoint.rulelang.RuleLoader;
import dev.fixpoint.rulelang.RuleVocabulary;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Loads the rules of the catalogue that are text, with the functions and conditions they name. */
final class RuleFiles {
  private static final NativeLibrary FUNCTIONS =
      NativeLibrary.EMPTY
          .with("permutation", 2, RuleFiles::permutation)
          .with("attention_scale", 2, RuleFiles::attentionScale)
          .with("axes_from", 2, RuleFiles::axesFrom)
          .with("index_of", 2, RuleFiles::indexOf);

  private static final ConditionLibrary CONDITIONS =
      ConditionLibrary.standard()
          .with(
              "holds_every_number",
              List.of(Parameter.VALUE, Parameter.VALUE),
              of -> CatalogueConditions.holdsEveryNumber(of.value(0), of.value(1)))
          .with(
              "is_smallest",
              List.of(Parameter.VALUE),
              of -> CatalogueConditions.isSmallest(of.value(0)))
          .with(
              "is_last_axis",
              List.of(Parameter.VALUE, Parameter.VALUE),
              of -> CatalogueConditions.isLastAxis(of.value(0), of.value(1)))
          .with("is_number", List.of(Parameter.VALUE), of -> NumberConditions.isNumber(of.value(0)))
          .with(
              "is_moderate",
              List.of(Parameter.VALUE),
              of -> NumberConditions.isModerate(of.value(0)))
          .with("is_step", List.of(Parameter.VALUE), of -> NumberConditions.isStep(of.value(0)))
          .with(
              "is_factor",
              List.of(Parameter.VALUE, Parameter.VALUE),
              of -> NumberConditions.isFactor(of.value(0), of.value(1)))
          .with("not_training", List.of(Parameter.VALUE), of -> notTraining(of.value(0)))
          .with(
              "is_table", List.of(Parameter.VALUE), of -> CatalogueConditions.isTable(of.value(0)))
          .with(
              "is_like",
              List.of(Parameter.VALUE, Parameter.VALUE),
              of -> CatalogueConditions.isLike(of.value(0), of.value(1)))
          .with(
              "one_head_each",
              List.of(Parameter.VALUE, Parameter.VALUE, Parameter.VALUE),
              of -> AttentionConditions.oneHeadEach(of.value(0), of.value(1), of.value(2)))
          .with(
              "one_masked_head_each",
              List.of(Parameter.VALUE, Parameter.VALUE, Parameter.VALUE, Parameter.VALUE),
              of ->
                  AttentionConditions.oneMaskedHeadEach(
                      of.value(0), of.value(1), of.value(2), of.value(3)))
          .with(
              "fits_float", List.of(Parameter.VALUE), of -> NumberConditions.fitsFloat(of.value(0)))
          .with(
              "is_power_of_two",
              List.of(Parameter.VALUE),
              of -> NumberConditions.isPowerOfTwo(of.value(0)))
          .with(
              "comes_back",
              List.of(Parameter.VALUE, Parameter.VALUE),
              of -> QuantizerConditions.comesBack(of.value(0), of.value(1)))
          .with(
              "is_lossless",
              List.of(Parameter.VALUE, Parameter.VALUE, Parameter.VALUE, Parameter.VALUE),
              of ->
                  QuantizerConditions.isLossless(
                      of.value(0), of.value(1), of.value(2), of.value(3)))
          .with(
              "covers",
              List.of(Parameter.VALUE, Parameter.VALUE, Parameter.VALUE),
              of -> QuantizerConditions.covers(of.value(0), of.value(1), of.value(2)))
          .with("is_scale", List.of(Parameter.VALUE), of -> isScale(of.value(0)))
          .with(
              "is_along_last_axis",
              List.of(Parameter.VALUE, Parameter.VALUE),
              of -> CatalogueConditions.isAlongLastAxis(of.value(0), of.value(1)))
          .with(
              "is_along_channels",
              List.of(Parameter.VALUE, Parameter.VALUE),
              of -> CatalogueConditions.isAlongChannels(of.value(0), of.value(1)))
          .with(
              "is_row",
              List.of(Parameter.VALUE, Parameter.VALUE),
              of -> CatalogueConditions.isRow(of.value(0), of.value(1)));

  private static final RuleLoader LOADER =
      new RuleLoader(RuleVocabulary.STANDARD.withFunctions(FUNCTIONS).withConditions(CONDITIONS));

  private RuleFiles() {}

  /** A Dropout in training is refused by the reference already: what it does is random. */
  private static Condition notTraining(Capture<Value> training) {
    return Conditions.constantValue(training, 0).guarding(Condition.Kind.PORTABILITY);
  }

  /** Others take the root of the scale of an attention. */
  private static Condition isScale(Capture<Value> c) {
    Condition positive = Conditions.positive(c);
    return new Condition(
        "is_scale(" + c + ")",
        Condition.Kind.PORTABILITY,
        match -> match.findConstant(c).isEmpty() ? Optional.empty() : positive.failure(match),
        positive.satisfy(),
        positive.violate());
  }

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

  /** {@code axes_from(a, n)}: the axes from a, which may count from the end, to the last of n. */
  private static List<Computed> axesFrom(NativeCall call) {
    int rank = Math.toIntExact(call.integer(1));
    int first = Math.floorMod(Math.toIntExact(call.integer(0)), rank);
    return List.of(
        Computed.untyped(Tensor.vector(IntStream.range(first, rank).asLongStream().toArray())));
  }

  /** {@code index_of(a, p)}: where a, which may count from the end, stands in the permutation p. */
  private static List<Computed> indexOf(NativeCall call) {
    long[] permutation = call.tensor(1).tensor().toLongs();
    long axis = Math.floorMod(call.integer(0), permutation.length);
    for (int i = 0; i < permutation.length; i++) {
      if (permutation[i] == axis) {
        return List.of(Computed.integer(i));
      }
    }
    throw call.refuse("axis " + axis + " is not in the permutation");
  }

  /** {@code attention_scale(s, n)}: s, or {@code 1/√n} where it is absent. */
  private static List<Computed> attentionScale(NativeCall call) {
    Computed given = call.find(0);
    return List.of(given != null ? given : Computed.number(1 / Math.sqrt(call.number(1))));
  }
}
