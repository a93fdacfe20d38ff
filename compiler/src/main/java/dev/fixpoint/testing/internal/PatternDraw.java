package dev.fixpoint.testing.internal;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxReadOptions;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpRegistry;
import dev.fixpoint.op.OpSchema.Arity;
import dev.fixpoint.op.OpSchema.Parameter;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Pattern;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Draws a graph that a pattern fits: which alternatives, which operators, attributes and shapes,
 * which optional inputs. Operands are made first, so that each node is drawn to fit them; a {@link
 * Sampler} may ask for a shape before. What does not fit is a {@link RejectedDraw}.
 */
final class PatternDraw {
  private static final OpRegistry REGISTRY = OnnxReadOptions.DEFAULT.registry();
  private static final ElementType[] THEMES = {
    ElementType.FLOAT,
    ElementType.FLOAT,
    ElementType.FLOAT,
    ElementType.FLOAT,
    ElementType.FLOAT,
    ElementType.DOUBLE,
    ElementType.FLOAT16,
    ElementType.FLOAT16,
    ElementType.BFLOAT16,
    ElementType.INT32,
    ElementType.INT64,
    ElementType.INT8
  };

  private final GraphDraft draft = new GraphDraft();
  private final SplittableRandom random;
  private final DrawnValues values;
  private final SizeClass size;
  private final ElementType theme;
  private final Map<Capture<?>, Object> bound = new HashMap<>();

  private PatternDraw(OpPattern pattern, SplittableRandom random, SizeClass size) {
    this.random = random;
    this.size = size;
    this.values = new DrawnValues(draft, random);
    boolean bytes = hasIntegerResult(pattern) && random.nextInt(3) == 0;
    this.theme = bytes ? ElementType.INT8 : THEMES[random.nextInt(THEMES.length)];
  }

  /** Whether an operator of a pattern makes integers only: others may have to fit to it. */
  private static boolean hasIntegerResult(OpPattern pattern) {
    boolean here =
        pattern.ops().stream()
            .map(REGISTRY::find)
            .flatMap(Optional::stream)
            .anyMatch(
                op ->
                    op.schema().outputs().getFirst().types().stream()
                        .noneMatch(ElementType::isFloat));
    return here
        || pattern.inputs().values().stream()
            .anyMatch(input -> input instanceof OpPattern child && hasIntegerResult(child));
  }

  /**
   * A graph that a pattern fits.
   *
   * @param draft the graph
   * @param root first output of the node that the pattern starts at
   */
  record Drawn(GraphDraft draft, Value root) {}

  /**
   * Draws a graph for a pattern.
   *
   * @throws RejectedDraw if shapes or types did not fit
   */
  static Drawn draw(OpPattern pattern, SplittableRandom random, SizeClass size) {
    PatternDraw draw = new PatternDraw(pattern, random, size);
    Node root = draw.node(pattern, null);
    draw.draft.makeOutput(root.output(Math.min(pattern.output(), root.outputs().size() - 1)));
    return new Drawn(draw.draft, root.output());
  }

  private Node node(OpPattern pattern, @Nullable Shape wish) {
    if (pattern.capture() != null && bound.get(pattern.capture()) instanceof Node known) {
      return draft.nodeOf(known.output());
    }
    List<OpId> ids = pattern.ops();
    OpDefinition op =
        REGISTRY
            .find(ids.get(random.nextInt(ids.size())))
            .orElseThrow(() -> new RejectedDraw("one of " + ids + " is not known"));
    List<Want> wanted = wanted(pattern, op);
    Sampler sampler = Samplers.of(op);
    @Nullable Value[] given = operands(pattern, op, wanted, sampler, wish);
    Slots slots = slots(op, wanted, given, wish);
    pattern.attributes().forEach(slots::force);
    sampler.fill(slots);
    return add(pattern, op, wanted, given, slots);
  }

  /** The pattern of each input that the node will have; {@link Pattern.Absent} where none. */
  private List<Want> wanted(OpPattern pattern, OpDefinition op) {
    List<Parameter> parameters = op.schema().inputs();
    int needed = pattern.inputs().keySet().stream().mapToInt(i -> i + 1).max().orElse(0);
    boolean variadic = !parameters.isEmpty() && parameters.getLast().arity() == Arity.VARIADIC;
    int group = Samplers.of(op).group();
    int more = variadic ? group - 1 + group * random.nextInt(group == 1 ? 3 : 2) : 0;
    int count = Math.max(needed, parameters.size() + more);
    boolean swapped = pattern.swappable() && random.nextBoolean();
    List<Want> wanted = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int position = swapped && i < 2 ? 1 - i : i;
      Pattern given = pattern.inputs().getOrDefault(position, pattern.everyInput());
      boolean optional = op.schema().input(i).map(p -> p.arity() == Arity.OPTIONAL).orElse(true);
      boolean leaveOut = given == null && optional && random.nextInt(5) < 3;
      wanted.add(leaveOut ? new Want(new Pattern.Absent(), null) : chosen(given, optional, null));
    }
    return wanted;
  }

  private Want chosen(@Nullable Pattern pattern, boolean optional, @Nullable Capture<Value> alias) {
    if (pattern instanceof Pattern.OneOf oneOf) {
      List<Pattern> fitting =
          oneOf.alternatives().stream()
              .filter(alternative -> optional || !(alternative instanceof Pattern.Absent))
              .toList();
      Pattern drawn = fitting.get(random.nextInt(fitting.size()));
      return chosen(drawn, optional, alias == null ? oneOf.capture() : alias);
    }
    return new Want(pattern, alias);
  }

  private @Nullable Value[] operands(
      OpPattern pattern,
      OpDefinition op,
      List<Want> wanted,
      Sampler sampler,
      @Nullable Shape wish) {
    @Nullable Value[] given = new Value[wanted.size()];
    for (int i = 0; i < given.length; i++) {
      if (wanted.get(i).pattern() instanceof OpPattern child) {
        Slots soFar = slots(op, wanted, given, wish);
        pattern.attributes().forEach(soFar::force);
        Shape childWish = sampler.wish(soFar, i);
        Node made = node(child, childWish);
        if (child.output() >= made.outputs().size()) {
          throw new RejectedDraw("too few outputs");
        }
        given[i] = made.output(child.output());
        bind(wanted.get(i), made.output(child.output()));
      }
    }
    for (int i = 0; i < given.length; i++) {
      given[i] = given[i] != null ? given[i] : known(wanted.get(i));
    }
    return given;
  }

  private void bind(Want want, Value value) {
    want.keys().forEach(key -> bound.put(key, value));
  }

  private @Nullable Value known(Want want) {
    for (Capture<Value> key : want.keys()) {
      if (bound.get(key) instanceof Value value) {
        return value;
      }
    }
    return null;
  }

  private Slots slots(
      OpDefinition op, List<Want> wanted, @Nullable Value[] given, @Nullable Shape wish) {
    List<Slot> slots = new ArrayList<>();
    for (int i = 0; i < given.length; i++) {
      Value value = given[i];
      if (value != null) {
        slots.add(
            Slot.given(values.type(value), draft.constants().get(value), values.shapeValue(value)));
      } else if (wanted.get(i).pattern() instanceof Pattern.Absent) {
        slots.add(Slot.absent());
      } else {
        slots.add(
            Slot.open(
                wanted.get(i).pattern() instanceof Pattern.ConstantValue, wanted.get(i).literal()));
      }
    }
    return new Slots(op, slots, random, size, theme, wish);
  }

  private Node add(
      OpPattern pattern, OpDefinition op, List<Want> wanted, @Nullable Value[] given, Slots slots) {
    List<@Nullable Value> inputs = new ArrayList<>();
    for (int i = 0; i < given.length; i++) {
      inputs.add(given[i] != null || !slots.isPresent(i) ? given[i] : source(op, slots, wanted, i));
    }
    int outputs = Math.max(outputs(op, slots), Math.max(pattern.output() + 1, pattern.outputs()));
    String wish = op.id().name().toLowerCase(Locale.ROOT);
    Node node = draft.addNode(wish, op, slots.attributes(), inputs, outputs);
    values.infer(node);
    for (Value more : node.outputs().subList(1, node.outputs().size())) {
      if (random.nextBoolean()) {
        draft.makeOutput(more);
      }
    }
    if (pattern.capture() != null) {
      bound.put(pattern.capture(), node);
    }
    pattern
        .results()
        .forEach(
            (index, key) -> {
              if (index < node.outputs().size()) {
                bound.put(key, node.output(index));
              }
            });
    return node;
  }

  /** As many outputs as the sampler says, now and then all that the operator can have. */
  private int outputs(OpDefinition op, Slots slots) {
    boolean all = !slots.outputsAreChosen() && random.nextInt(8) == 0;
    List<Parameter> parameters = op.schema().outputs();
    boolean optional = !parameters.isEmpty() && parameters.getLast().arity() == Arity.OPTIONAL;
    return all && optional ? parameters.size() : slots.outputs();
  }

  private Value source(OpDefinition op, Slots slots, List<Want> wanted, int index) {
    Want want = wanted.get(index);
    Value known = known(want);
    if (known != null) {
      return known;
    }
    String name = want.keys().stream().map(Capture::name).findFirst().orElse(null);
    Value value = values.source(op, slots, index, name);
    bind(want, value);
    return value;
  }
}
