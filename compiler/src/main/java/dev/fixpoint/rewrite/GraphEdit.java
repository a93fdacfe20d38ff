package dev.fixpoint.rewrite;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/**
 * What a {@link Hook} may change in a generated graph before the rule is tried. Nodes and values
 * are named as the match knows them, also after they were changed. Whether the result is a graph
 * shows when the hook has ended: one that is none counts as no change.
 */
public interface GraphEdit {
  /** Gives a constant other elements, and the type that they have. */
  void setConstant(Value constant, Tensor tensor);

  /** Adds a constant; its name is the wish, made unique. */
  Value addConstant(String wish, Tensor tensor);

  /** Adds an input of the graph; its name is the wish, made unique. */
  Value addInput(String wish, TensorType type);

  /** Adds a node with one output that reads some values. */
  Node addNode(OpDefinition op, List<Value> inputs);

  /** Sets an attribute of a node. */
  <T> void setAttribute(Node node, Attribute<T> key, T value);

  /** Removes an attribute of a node, so that its default counts. */
  void removeAttribute(Node node, Attribute<?> key);

  /** Lets a node read another value at one of its inputs. */
  void setInput(Node node, int index, Value value);

  /** Omits an input of a node. */
  void omitInput(Node node, int index);

  /** Adds a node that reads a value, and whose output is an output of the graph. */
  void addReader(Value value);

  /** Adds a subgraph that reads a value from outside. */
  void addCapture(Value value);

  /**
   * Leaves one reader of a value: its other readers and its being an output of the graph go. Where
   * it has no reader it gets one.
   *
   * @param reader the reader that stays
   */
  void isolate(Value value, Node reader);

  /** Makes a value an output of the graph. */
  void makeOutput(Value value);

  /**
   * Lets a value be read by nodes alone: it is no output of the graph and no subgraph captures it.
   */
  void hideOutput(Value value);

  /** Makes a constant an input of the graph, of the type that its tensor has. */
  void makeInput(Value constant);

  /** Makes an input of the graph a constant with random elements. */
  void makeConstant(Value input);

  /**
   * Gives an input or a constant of the graph another type; a constant is converted where the shape
   * stays and drawn anew where it changes.
   */
  void retype(Value source, TensorType type);

  /** Gives all inputs and constants of one element type another one. */
  void retypeAll(ElementType from, ElementType target);

  /** Makes the sizes of the inputs behind a value unknown to inference: they get names. */
  void blur(Value value);

  /** Sets the version of an operator set. */
  void setOpset(String domain, long version);
}
