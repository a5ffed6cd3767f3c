require_relative '../lib/stack'

RSpec.describe Stack do
  it 'pops the last item' do
    stack = Stack.new
    stack.push(1)
    stack.push(2)
    expect(stack.pop).to eq(2)
  end

  it 'refuses to pop when empty' do
    expect { Stack.new.pop }.to raise_error(/empty/)
  end

  it 'holds many items', :slow do
    stack = Stack.new
    100_000.times { |number| stack.push(number) }
    expect(stack.pop).to eq(99_999)
  end
end
