package dev.fixpoint.rewrite.internal;

import dev.fixpoint.ir.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nodes in an order, with insertion before a node and removal in constant time. */
final class NodeSequence {
  private final Map<Node, Link> links = new HashMap<>();
  private @Nullable Link first;
  private @Nullable Link last;

  private static final class Link {
    private final Node node;
    private @Nullable Link previous;
    private @Nullable Link next;

    private Link(Node node) {
      this.node = node;
    }
  }

  boolean contains(Node node) {
    return links.containsKey(node);
  }

  void addLast(Node node) {
    insert(node, null);
  }

  void addBefore(Node anchor, Node node) {
    insert(node, links.get(anchor));
  }

  private void insert(Node node, @Nullable Link next) {
    Link link = new Link(node);
    if (links.putIfAbsent(node, link) != null) {
      throw new IllegalArgumentException(node.describe() + " is already part of the graph");
    }
    Link previous = next == null ? last : next.previous;
    link.previous = previous;
    link.next = next;
    if (previous == null) {
      first = link;
    } else {
      previous.next = link;
    }
    if (next == null) {
      last = link;
    } else {
      next.previous = link;
    }
  }

  void remove(Node node) {
    Link link = links.remove(node);
    if (link == null) {
      throw new IllegalArgumentException(node.describe() + " is not part of the graph");
    }
    if (link.previous == null) {
      first = link.next;
    } else {
      link.previous.next = link.next;
    }
    if (link.next == null) {
      last = link.previous;
    } else {
      link.next.previous = link.previous;
    }
  }

  List<Node> toList() {
    List<Node> nodes = new ArrayList<>(links.size());
    for (Link link = first; link != null; link = link.next) {
      nodes.add(link.node);
    }
    return nodes;
  }
}
