package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.ModelException;
import dev.fixpoint.op.OpId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lifts standard operators of older opsets to the forms of opset {@value #OPSET}; operators that
 * are newer keep theirs. Each change of the specification is one {@link Lift}; what is not listed
 * changed only in the types that it takes.
 */
final class OpsetImporter {
  /** The opset whose forms a graph holds. */
  static final int OPSET = 21;

  /** Opsets before this need types to be lifted. */
  static final int TYPED = 13;

  /** One change of an operator's form. */
  interface Lift {
    /** Changes a node in place; it may add others through the context. */
    void apply(NodeDraft node, LiftContext context);
  }

  /**
   * A lift and the nodes that need it.
   *
   * @param below opset that made the change
   * @param lift what changes
   */
  private record Step(int below, Lift lift) {}

  private static final Map<String, List<Step>> STEPS = new LinkedHashMap<>();

  static {
    before(11, "Clip", InputLifts::clip);
    before(11, "Pad", InputLifts::pad);
    before(10, "Slice", InputLifts::slice);
    before(10, "TopK", InputLifts::topK);
    before(12, "Dropout", InputLifts::dropout);
    before(13, "Split", InputLifts::splitSizes);
    before(18, "Split", InputLifts::splitCount);
    before(20, "DFT", InputLifts::dft);
    for (String operator : List.of("Squeeze", "Unsqueeze", "ReduceSum")) {
      before(13, operator, InputLifts::axes);
    }
    for (String operator :
        List.of(
            "ReduceL1",
            "ReduceL2",
            "ReduceLogSum",
            "ReduceLogSumExp",
            "ReduceMax",
            "ReduceMean",
            "ReduceMin",
            "ReduceProd",
            "ReduceSumSquare")) {
      before(18, operator, InputLifts::axes);
    }
    for (String operator : List.of("Softmax", "LogSoftmax", "Hardmax")) {
      before(13, operator, SoftmaxLift::flattened);
    }
    before(9, "BatchNormalization", NormalizationLifts::spatial);
    before(14, "BatchNormalization", NormalizationLifts::trainingOutputs);
    before(21, "GroupNormalization", NormalizationLifts::groupsToChannels);
    before(9, "Upsample", ResizeLifts::upsampleScales);
    always("Upsample", ResizeLifts::upsample);
    before(11, "Resize", ResizeLifts::resizeScales);
    always("Resize", ResizeLifts::omitEmpty);
    always("Scatter", RenamingLifts::scatter);
    before(20, "GridSample", RenamingLifts::gridSampleMode);
    before(16, "RoiAlign", RenamingLifts::roiAlignCoordinates);
    before(9, "Scan", ScanLift::batched);
  }

  private final GraphAssembler assembler;

  OpsetImporter(GraphAssembler assembler) {
    this.assembler = assembler;
  }

  private static void before(int opset, String operator, Lift lift) {
    STEPS.computeIfAbsent(operator, _ -> new ArrayList<>()).add(new Step(opset, lift));
  }

  private static void always(String operator, Lift lift) {
    before(Integer.MAX_VALUE, operator, lift);
  }

  /** Adds what a node stands for in the forms of opset {@value #OPSET}. */
  void lift(NodeDraft node, Scope scope) {
    OpId op = node.op();
    if (op.domain().isEmpty()) {
      long opset = scope.opset("");
      if (opset == 0) {
        throw new ModelException(
            node.describe()
                + " is a standard operator, but the model imports no opset of the standard domain;"
                + " add one");
      }
      requireUnchanged(node, opset);
      LiftContext context = new LiftContext(assembler, scope, opset);
      for (Step step : STEPS.getOrDefault(op.name(), List.of())) {
        if (opset < step.below()) {
          step.lift().apply(node, context);
        }
      }
    }
    assembler.emit(node, scope);
  }

  /**
   * Refuses opsets that are not known. One before {@value StandardOpsets#OLDEST} is known as far as
   * its operators did not change until then.
   *
   * @throws ModelException if the model or one of its functions imports one
   */
  static void requireKnown(SourceModel model) {
    if (model.info().opsets().isEmpty()) {
      throw new ModelException("the model imports no opset; add one");
    }
    requireNotNewer(model.info().opsets());
    model.functions().forEach(function -> requireNotNewer(function.opsets()));
  }

  private static void requireNotNewer(Map<String, Long> opsets) {
    long opset = opsets.getOrDefault("", 1L);
    if (opset > StandardOpsets.NEWEST || opset < 1) {
      throw new ModelException(
          "opset "
              + opset
              + " of the standard operators is not known, the newest is "
              + StandardOpsets.NEWEST
              + "; convert the model");
    }
  }

  private static void requireUnchanged(NodeDraft node, long opset) {
    int then = StandardOpsets.since(node.op().name(), opset);
    if (opset < StandardOpsets.OLDEST
        && then != StandardOpsets.since(node.op().name(), StandardOpsets.OLDEST)) {
      throw new ModelException(
          node.describe()
              + " is of opset "
              + opset
              + ", and the operator changed until opset "
              + StandardOpsets.OLDEST
              + ", the oldest that is read; convert the model to that or a newer one");
    }
  }
}
