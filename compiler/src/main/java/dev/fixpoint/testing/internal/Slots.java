package dev.fixpoint.testing.internal;

import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema.Parameter;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.rewrite.ElementLiteral;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One call of an operator while it is made up: which inputs are given, which are open, and what a
 * {@link Sampler} has chosen for them so far. What is chosen for an input that is given or absent
 * is ignored, so that samplers need not ask.
 */
final class Slots {
  private static final List<ElementType> SUBSTITUTES =
      List.of(
          ElementType.FLOAT,
          ElementType.INT64,
          ElementType.BOOL,
          ElementType.INT32,
          ElementType.UINT8,
          ElementType.INT8);

  private final OpDefinition op;
  private final List<Slot> slots;
  private final SplittableRandom random;
  private final SizeClass size;
  private final ElementType theme;
  private final @Nullable Shape wish;
  private final Map<String, AttributeValue> attributes = new LinkedHashMap<>();
  private final Set<String> forced = new HashSet<>();
  private int outputs;
  private boolean outputsAreChosen;

  Slots(
      OpDefinition op,
      List<Slot> slots,
      SplittableRandom random,
      SizeClass size,
      ElementType theme,
      @Nullable Shape wish) {
    this.op = op;
    this.slots = slots;
    this.random = random;
    this.size = size;
    this.theme = theme;
    this.wish = wish;
    this.outputs = (int) op.schema().outputs().stream().filter(p -> isRequired(p)).count();
  }

  private static boolean isRequired(Parameter parameter) {
    return switch (parameter.arity()) {
      case REQUIRED, VARIADIC -> true;
      case OPTIONAL -> false;
    };
  }

  OpDefinition op() {
    return op;
  }

  SplittableRandom random() {
    return random;
  }

  /** Yes once in so many times. */
  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  /** A number from one to the other, both included. */
  int between(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  /** One of some things. */
  @SafeVarargs
  final <T> T pick(T... things) {
    return things[random.nextInt(things.length)];
  }

  SizeClass size() {
    return size;
  }

  /** The shape that the reader of the output would like it to have, or null. */
  @Nullable Shape wish() {
    return wish;
  }

  int count() {
    return slots.size();
  }

  boolean isPresent(int index) {
    return index >= 0 && index < slots.size() && slots.get(index).present;
  }

  /** Whether an input is there, and nothing is known of it yet. */
  boolean isOpen(int index) {
    return isPresent(index) && slots.get(index).type == null;
  }

  /** Whether an input is there, and its type is known. */
  boolean isTyped(int index) {
    return isPresent(index) && slots.get(index).type != null;
  }

  TensorType type(int index) {
    TensorType type = isPresent(index) ? slots.get(index).type : null;
    if (type == null) {
      throw new RejectedDraw("input " + index + " of " + op.id() + " has no type");
    }
    return type;
  }

  Shape shape(int index) {
    Shape shape = type(index).shape();
    if (!shape.isStatic()) {
      throw new RejectedDraw("input " + index + " of " + op.id() + " has no sizes");
    }
    return shape;
  }

  @Nullable Tensor constant(int index) {
    return slots.get(index).constant;
  }

  Fill fill(int index) {
    return slots.get(index).fill;
  }

  boolean mustBeConstant(int index) {
    return slots.get(index).mustBeConstant;
  }

  /** The element type that the inputs share: that of a given one, or the theme of the graph. */
  ElementType elementType() {
    for (int i = 0; i < slots.size(); i++) {
      TensorType type = slots.get(i).type;
      if (type != null && allowed(i).size() > 2 && !isMeta(i)) {
        return type.elementType();
      }
    }
    return allowed(0).contains(theme) ? theme : substitute(0);
  }

  /** Whether an input is about indices or flags, and not data. */
  private boolean isMeta(int index) {
    return index > 0 && allowed(index).stream().noneMatch(ElementType::isFloat);
  }

  private Set<ElementType> allowed(int index) {
    return op.schema()
        .input(index)
        .map(Parameter::types)
        .orElseThrow(() -> new RejectedDraw(op.id() + " has no input " + index));
  }

  private ElementType substitute(int index) {
    for (ElementType candidate : SUBSTITUTES) {
      if (allowed(index).contains(candidate)) {
        return candidate;
      }
    }
    throw new RejectedDraw("no element type for input " + index + " of " + op.id());
  }

  /** Gives an open input a shape; its element type is the shared one where it may be. */
  void open(int index, Shape shape) {
    open(index, shape, Fill.ANY);
  }

  void open(int index, Shape shape, Fill fill) {
    if (isOpen(index)) {
      ElementType shared = elementType();
      ElementType element = allowed(index).contains(shared) ? shared : substitute(index);
      open(index, new TensorType(element, shape), fill);
    }
  }

  /** Gives an open input a type. */
  void open(int index, TensorType type, Fill fill) {
    if (isOpen(index)) {
      Slot slot = slots.get(index);
      if (slot.literal != null) {
        Shape shape = random.nextInt(4) == 0 ? type.shape() : Shape.SCALAR;
        constant(index, literal(slot.literal, type.withShape(shape)));
        return;
      }
      slot.type = type;
      slot.fill = fill;
    }
  }

  /** Makes an open input a constant. */
  void constant(int index, Tensor tensor) {
    if (isOpen(index)) {
      Slot slot = slots.get(index);
      Tensor stored =
          slot.literal == null
              ? tensor
              : literal(
                  slot.literal,
                  tensor.shape().rank() == 0
                      ? tensor.type()
                      : TensorType.of(tensor.elementType(), 1));
      slot.type = stored.type();
      slot.constant = stored;
      slot.shapeValue = ShapeValue.ofTensor(stored);
    }
  }

  private static Tensor literal(ElementLiteral literal, TensorType type) {
    double value =
        switch (literal) {
          case ElementLiteral.OfInteger integer -> integer.value();
          case ElementLiteral.OfNumber number -> number.value();
          case ElementLiteral.OfText _ -> throw new RejectedDraw("no strings are drawn");
        };
    try {
      return Tensor.filled(type.elementType(), type.shape(), value);
    } catch (ArithmeticException e) {
      throw new RejectedDraw(String.valueOf(e.getMessage()));
    }
  }

  /** Fixes an attribute; samplers cannot change it any more. */
  void force(String name, AttributeValue value) {
    attributes.put(name, value);
    forced.add(name);
  }

  /** The integer that an attribute is fixed to, or the one that was drawn. */
  long chosen(String name, long drawn) {
    return forced.contains(name) && attributes.get(name) instanceof AttributeValue.OfInt fixed
        ? fixed.value()
        : drawn;
  }

  void set(String name, AttributeValue value) {
    if (op.schema().attribute(name).isPresent() && !forced.contains(name)) {
      attributes.put(name, value);
    }
  }

  void set(String name, long value) {
    set(name, new AttributeValue.OfInt(value));
  }

  void set(String name, float value) {
    set(name, new AttributeValue.OfFloat(value));
  }

  void set(String name, String value) {
    set(name, new AttributeValue.OfString(value));
  }

  void set(String name, int... values) {
    List<Long> list = new ArrayList<>();
    for (int value : values) {
      list.add((long) value);
    }
    set(name, new AttributeValue.OfInts(list));
  }

  /** For fused operators: now and then an activation. */
  void activation() {
    String kind = Activation.KIND.name();
    if (op.schema().attribute(kind).isPresent() && !forced.contains(kind) && oneIn(4)) {
      Activation drawn =
          pick(
              new Activation.Relu(),
              new Activation.LeakyRelu(0.1f),
              new Activation.Clip(0, 6),
              new Activation.Swish());
      drawn.addTo(Attributes.NONE).values().forEach(this::set);
    }
  }

  Attributes attributes() {
    return Attributes.of(attributes);
  }

  boolean has(String name) {
    return attributes.containsKey(name);
  }

  void outputs(int count) {
    outputs = count;
    outputsAreChosen = true;
  }

  /** Whether the sampler has said how many outputs there are. */
  boolean outputsAreChosen() {
    return outputsAreChosen;
  }

  int outputs() {
    return outputs;
  }

  /** The type of the first output by what is chosen so far; inputs without a type are left out. */
  TensorType inferred() {
    List<@Nullable TensorType> types = new ArrayList<>();
    List<@Nullable Tensor> tensors = new ArrayList<>();
    List<@Nullable ShapeValue> shapes = new ArrayList<>();
    for (Slot slot : slots) {
      types.add(slot.present ? slot.type : null);
      tensors.add(slot.constant);
      shapes.add(slot.shapeValue);
    }
    OpCall call = OpCall.of(attributes(), types, tensors, shapes, outputs);
    try {
      return op.inferTypes(call).getFirst();
    } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
      throw new RejectedDraw(String.valueOf(e.getMessage()));
    }
  }
}
