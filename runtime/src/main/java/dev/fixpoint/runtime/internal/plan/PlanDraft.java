package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.runtime.internal.op.LayoutKernel;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A plan in the making: where each value lies in each layout, the storages behind that, and the
 * steps so far.
 */
final class PlanDraft {
  private final Graph graph;
  private final Map<Value, EnumMap<Layout, Placement>> places = new HashMap<>();
  private final List<Placement> placements = new ArrayList<>();
  private final List<Storage> storages = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final Map<Value, Integer> madeBy = new HashMap<>();
  private final Map<Value, Placement> firstPlaces = new HashMap<>();
  private final Set<Value> sharing = new HashSet<>();

  PlanDraft(Graph graph) {
    this.graph = graph;
  }

  /** The steps so far, which may be replaced. */
  List<Step> steps() {
    return steps;
  }

  List<Placement> placements() {
    return placements;
  }

  /** The storages of floats or of bytes that need a place of their own. */
  List<Storage> storages(boolean floats) {
    return storages.stream().filter(s -> s.isFloat() == floats && !s.isPart()).toList();
  }

  /** The step after which a value is there; -1 where that is before the first. */
  int madeBy(Value value) {
    return madeBy.getOrDefault(value, -1);
  }

  /**
   * Where a value lies when the step that makes it has run; a step may put it into another layout
   * later.
   */
  Placement firstPlace(Value value) {
    Placement first = firstPlaces.get(value);
    return first == null ? any(value) : first;
  }

  /** Whether a value lies channels-last somewhere. */
  boolean isChannelsLast(Value value) {
    EnumMap<Layout, Placement> known = places.get(value);
    return known != null && known.containsKey(Layout.CHANNELS_LAST);
  }

  /** Whether a value has its place from another one, which others may read there. */
  boolean isSharing(Value value) {
    return sharing.contains(value);
  }

  /** Lets the output of a node that only gives its input another shape lie where the input does. */
  void share(Node node) {
    Value input = node.input(0);
    Value output = node.output();
    sharing.add(output);
    boolean sameShape = graph.type(input).shape().equals(graph.type(output).shape());
    if (sameShape) {
      places.put(output, placesOf(input));
      firstPlaces.put(output, firstPlace(input));
      madeBy.put(output, madeBy(input));
    } else {
      Placement from = in(input, Layout.ROW_MAJOR);
      put(output, add(graph.type(output), Layout.ROW_MAJOR, from.storage(), null));
      madeBy.put(output, steps.size() - 1);
    }
  }

  /** Where a value lies. */
  EnumMap<Layout, Placement> placesOf(Value value) {
    EnumMap<Layout, Placement> known = places.get(value);
    if (known == null && PackedConstants.isReleased(graph, value)) {
      throw new ModelException(
          "the constant '"
              + value.name()
              + "' was packed for inputs of other shapes, and cannot be read for these; use another"
              + " session for them");
    }
    if (known == null) {
      throw new ModelException("nothing makes the value '" + value.name() + "'");
    }
    return known;
  }

  /** A placement of a value in whatever layout there is. */
  Placement any(Value value) {
    if (graph.constant(value) != null) {
      return in(value, Layout.ROW_MAJOR);
    }
    EnumMap<Layout, Placement> known = placesOf(value);
    Placement rowMajor = known.get(Layout.ROW_MAJOR);
    return rowMajor != null ? rowMajor : known.values().iterator().next();
  }

  /** The placement of a value in a layout; adds the step that changes the layout where needed. */
  Placement in(Value value, Layout layout) {
    EnumMap<Layout, Placement> known =
        places.computeIfAbsent(value, _ -> new EnumMap<>(Layout.class));
    Placement wanted = known.get(layout);
    if (wanted != null) {
      return wanted;
    }
    TensorType type = graph.type(value);
    Tensor constant = graph.constant(value);
    if (constant != null) {
      return put(value, add(constant.type(), layout, null, constant));
    }
    Placement other = any(value);
    if (other.storage() == null) {
      return other;
    }
    if (Layout.coincide(type.shape())) {
      return put(value, add(type, layout, other.storage(), null));
    }
    int index = steps.size();
    read(other, index);
    Placement made = make(value, type, layout, index);
    steps.add(
        new Step(
            value.name(),
            "Layout",
            LayoutKernel.of(type, other.layout(), layout),
            "LayoutKernel",
            layout,
            List.of(other),
            List.of(made),
            List.of(),
            0,
            2 * type.shape().elementCount()));
    return made;
  }

  /** A new place for a value that a step makes. */
  Placement make(Value value, TensorType type, Layout layout, int step) {
    madeBy.putIfAbsent(value, step);
    if (!Buffer.isArrayType(type)) {
      return put(value, add(type, Layout.ROW_MAJOR, null, null));
    }
    boolean isFloat = type.elementType() == ElementType.FLOAT;
    Storage storage = store(isFloat, type.shape().elementCount(), step);
    boolean plain = layout == Layout.ROW_MAJOR || type.shape().rank() < 3;
    return put(value, add(type, plain ? Layout.ROW_MAJOR : layout, storage, null));
  }

  /** A new storage. */
  Storage store(boolean isFloat, long elements, int step) {
    Storage storage = new Storage(isFloat, elements, step);
    storages.add(storage);
    return storage;
  }

  /** A new placement, not yet of any value. */
  Placement add(
      TensorType type, Layout layout, @Nullable Storage storage, @Nullable Tensor constant) {
    Placement placement = new Placement(placements.size(), type, layout, storage, constant);
    placements.add(placement);
    return placement;
  }

  /** Lets a value lie in a placement, too. */
  Placement put(Value value, Placement placement) {
    firstPlaces.putIfAbsent(value, placement);
    places
        .computeIfAbsent(value, _ -> new EnumMap<>(Layout.class))
        .put(placement.layout(), placement);
    return placement;
  }

  /** Keeps a placement until a step has read it. */
  static void read(@Nullable Placement placement, int step) {
    if (placement != null && placement.storage() != null) {
      placement.storage().readBy(step);
    }
  }
}
