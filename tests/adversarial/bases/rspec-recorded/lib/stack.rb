class Stack
  def initialize
    @items = []
  end

  def push(item)
    @items.push(item)
  end

  def pop
    raise 'the stack is empty' if @items.empty?

    @items.pop
  end
end
