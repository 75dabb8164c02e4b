# Seeds a Redmine with what the sync test counts: 250 issues and 600 journals, REST on, one API key.
# Run by `rails runner`; prints one line of JSON with the key. Old timestamps, so that a run that
# starts now finds nothing newer.
require 'json'

Setting.rest_api_enabled = '1'
Setting.default_language = 'en'
Redmine::DefaultData::Loader.load('en') if Redmine::DefaultData::Loader.no_data?
Setting.notified_events = []
ActionMailer::Base.perform_deliveries = false

admin = User.find_by(login: 'admin')
admin.must_change_passwd = false
admin.password = admin.password_confirmation = 'millrace-admin'
admin.save!(validate: false)

authors = (1..8).map do |n|
  user = User.new(firstname: "Agent#{n}", lastname: 'Mill', mail: "agent#{n}@redmine.example", status: User::STATUS_ACTIVE)
  user.login = "agent#{n}"
  user.password = user.password_confirmation = 'millrace-agent'
  user.save!
  user
end

project = Project.create!(name: 'Support', identifier: 'support', is_public: true,
                          trackers: Tracker.all, enabled_module_names: %w[issue_tracking])
tracker = Tracker.first
statuses = IssueStatus.all.to_a
priorities = IssuePriority.all.to_a
start = Time.utc(2026, 1, 5, 8, 0, 0)
random = Random.new(7)

Issue.transaction do
  issues = (1..250).map do |n|
    at = start + n * 3600
    issue = Issue.new(project: project, tracker: tracker, author: authors[n % 8], subject: "Case #{n}",
                      description: "Description of case #{n}", status: statuses[n % statuses.size],
                      priority: priorities[n % priorities.size])
    issue.notify = false
    issue.save!
    issue.update_columns(created_on: at, updated_on: at)
    issue
  end
  600.times do |n|
    issue = issues[random.rand(250)]
    at = start + (300 + n) * 3600
    journal = Journal.new(journalized: issue, user: authors[n % 8], notes: "Note #{n} on case #{issue.id}")
    journal.notify = false
    journal.save!
    journal.update_columns(created_on: at)
    issue.update_columns(updated_on: [issue.updated_on, at].max)
  end
end

puts({ api_key: admin.api_key, issues: Issue.count, journals: Journal.count, users: User.active.count }.to_json)
