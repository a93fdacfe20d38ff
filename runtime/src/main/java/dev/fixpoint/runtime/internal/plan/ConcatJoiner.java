package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lets the parts of a concatenation lie in the whole from the start. */
final class ConcatJoiner {
  private static final int CHANNELS = 1;

  private final Graph graph;
  private final Set<Value> taps;
  private final PlanDraft draft;

  ConcatJoiner(Graph graph, Set<Value> taps, PlanDraft draft) {
    this.graph = graph;
    this.taps = taps;
    this.draft = draft;
  }

  /** Joins the parts where they lie, if that is possible. */
  boolean join(Value whole, JoinedConcat concat) {
    return concat.axis() == CHANNELS && concat.parts().stream().anyMatch(draft::isChannelsLast)
        ? joinChannels(whole, concat)
        : joinRows(whole, concat);
  }

  /** Row-major parts follow each other where all axes before that of the concatenation are 1. */
  private boolean joinRows(Value whole, JoinedConcat concat) {
    Shape shape = graph.type(whole).shape();
    for (int axis = 0; axis < concat.axis(); axis++) {
      if (shape.size(axis) != 1) {
        return false;
      }
    }
    List<Storage> parts = new ArrayList<>();
    for (Value part : concat.parts()) {
      Storage storage = rowMajor(part);
      if (storage == null || parts.contains(storage)) {
        return false;
      }
      parts.add(storage);
    }
    Storage storage = store(whole);
    int shift = 0;
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).becomePartOf(storage, shift);
      shift += elements(concat.parts().get(i));
    }
    TensorType type = graph.type(whole);
    draft.put(whole, draft.add(type, Layout.ROW_MAJOR, storage, null));
    return true;
  }

  /** The storage of a value that a step writes row by row, if it can still become a part. */
  private @Nullable Storage rowMajor(Value part) {
    EnumMap<Layout, Placement> places = draft.placesOf(part);
    Placement placement = places.get(Layout.ROW_MAJOR);
    Storage storage = placement == null ? null : placement.storage();
    return storage == null || storage.isPart() ? null : storage;
  }

  private int elements(Value value) {
    return Math.toIntExact(graph.type(value).shape().elementCount());
  }

  private Storage store(Value whole) {
    TensorType type = graph.type(whole);
    boolean isFloat = type.elementType() == ElementType.FLOAT;
    return draft.store(isFloat, type.shape().elementCount(), draft.steps().size());
  }

  /** Steps that can leave out the channels of others write theirs between them. */
  private boolean joinChannels(Value whole, JoinedConcat concat) {
    int pitch = graph.type(whole).shape().intSize(CHANNELS);
    List<PreparedKernel> kernels = new ArrayList<>();
    for (Value part : concat.parts()) {
      PreparedKernel kernel = sliced(part, pitch);
      if (kernel == null) {
        return false;
      }
      kernels.add(kernel);
    }
    Storage storage = store(whole);
    int channel = 0;
    for (int i = 0; i < kernels.size(); i++) {
      Value part = concat.parts().get(i);
      int index = draft.madeBy(part);
      Step step = draft.steps().get(index);
      Storage own = step.outputs().getFirst().storage();
      if (own != null) {
        own.becomePartOf(storage, channel);
      }
      draft.steps().set(index, step.with(kernels.get(i)));
      channel += graph.type(part).shape().intSize(CHANNELS);
    }
    draft.put(whole, draft.add(graph.type(whole), Layout.CHANNELS_LAST, storage, null));
    return true;
  }

  /** The kernel that makes a value, writing between others' channels; null where it cannot. */
  private @Nullable PreparedKernel sliced(Value part, int pitch) {
    EnumMap<Layout, Placement> places = draft.placesOf(part);
    Placement placement = places.get(Layout.CHANNELS_LAST);
    boolean seen = graph.outputs().contains(part) || taps.contains(part) || draft.isSharing(part);
    if (placement == null || places.size() > 1 || seen || graph.uses(part).size() != 1) {
      return null;
    }
    int index = draft.madeBy(part);
    Storage storage = placement.storage();
    if (index < 0 || storage == null || storage.isPart() || storage.isWhole()) {
      return null;
    }
    Step step = draft.steps().get(index);
    boolean own = step.outputs().size() == 1 && step.outputs().getFirst().equals(placement);
    return own ? step.kernel().intoSlice(pitch) : null;
  }
}
